// Runs Segment's own Mixpanel destination over recorded bodies and judges what it would send by the
// rules that Mixpanel documents. Prints what it objects to. Opens no connection.
//
// node mixpanel.js FOLDER RECORDING
'use strict'
const fs = require('fs')
const path = require('path')
const [folder, recording] = process.argv.slice(2).map((name) => path.resolve(name))
const load = require('module').createRequire(path.join(folder, 'package.json'))
const { transform } = load('@segment/actions-core')
const action = load('./package/dist/destinations/mixpanel/trackEvent').default

const BANNED = ['00000000-0000-0000-0000-000000000000', 'anon', 'anonymous', 'nil', 'none', 'null', 'n/a', 'na',
  'undefined', 'unknown', '<nil>', '0', '-1', 'true', 'false', '[]', '{}', '']
// The destination removes the first of these in silence; the others are Mixpanel's own.
const RESERVED = ['time', 'id', 'distinct_id', 'token', 'ip', 'bucket']
const LONGEST_TEXT = 255

async function mixpanelEvent(message) {
  const defaults = Object.entries(action.fields).filter(([, field]) => field.default !== undefined)
  const mapping = Object.fromEntries(defaults.map(([name, field]) => [name, field.default]))
  const sent = []
  const request = async (url, options) => {
    sent.push(...options.json)
    return { status: 200 }
  }
  const settings = { projectToken: 'T', apiSecret: 'S', apiRegion: 'US', sourceName: 'rust' }
  await action.perform(request, { settings, payload: transform(mapping, message) })
  return sent[0]
}

function* faults(message, event, without) {
  const given = event.properties
  if (event.event !== message.event) yield 'the event has another name'
  if (given.time !== Date.parse(message.timestamp)) yield 'the time is not that of the event'
  if (!/^[A-Za-z0-9-]{1,36}$/.test(given.$insert_id)) yield `$insert_id: ${given.$insert_id}`
  if (given.$insert_id !== message.messageId) yield 'the message id does not reach Mixpanel'
  if (BANNED.includes(String(given.distinct_id).toLowerCase())) yield `distinct_id: ${given.distinct_id}`
  if (Object.values(given).filter((value) => value !== undefined).length >= 255) yield 'too many properties'
  if (given.ip !== undefined) yield 'an address'
  for (const [name, value] of Object.entries(message.properties)) {
    if (RESERVED.includes(name) || /^(\$|mp_)/.test(name)) yield `reserved: ${name}`
    if (without[name] !== undefined) yield `takes the place of another: ${name}`
    if (JSON.stringify(given[name]) !== JSON.stringify(value)) yield `does not arrive as it was: ${name}`
    for (const item of [value].flat()) {
      if (!['string', 'number', 'boolean'].includes(typeof item)) yield `not flat: ${name}`
      if (typeof item === 'string' && item.length > LONGEST_TEXT) yield `too long: ${name}`
    }
    if (Array.isArray(value) && value.length >= 255) yield `too many in ${name}`
  }
}

async function main() {
  const bodies = JSON.parse(fs.readFileSync(recording, 'utf8')).map((body) => JSON.parse(body))
  const found = []
  for (const message of bodies.flatMap((body) => body.batch)) {
    const without = await mixpanelEvent({ ...message, properties: {} })
    found.push(...faults(message, await mixpanelEvent(message), without.properties))
  }
  found.forEach((fault) => console.error(fault))
  process.exitCode = found.length > 0 || bodies.length === 0 ? 1 : 0
}

main().catch((error) => {
  console.error(error)
  process.exitCode = 2
})
