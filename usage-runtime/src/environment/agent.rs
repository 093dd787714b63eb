//! Which AI agent runs the process: a table of those that say so to what they start, as the .NET SDK
//! knows them. What an editor sets in the terminals of people, too, is no sign.

use super::signal::Signal::{self, Any, Variable, VariableIs};
use crate::surroundings::Surroundings;

/// The property's value, and what shows it. The general signs come last.
const AGENTS: [(&str, Signal); 19] = [
    (
        "claude_code",
        Any(&[Variable("CLAUDECODE"), Variable("CLAUDE_CODE"), Variable("CLAUDE_CODE_ENTRYPOINT")]),
    ),
    ("cursor", Variable("CURSOR_AGENT")),
    ("gemini_cli", Variable("GEMINI_CLI")),
    (
        "copilot",
        Any(&[
            Variable("COPILOT_AGENT"),
            Variable("COPILOT_CLI"),
            Variable("GITHUB_COPILOT_CLI_MODE"),
            VariableIs("AI_AGENT", "github_copilot_vscode_agent"),
        ]),
    ),
    (
        "codex",
        Any(&[
            Variable("CODEX_CLI"),
            Variable("CODEX_SANDBOX"),
            Variable("CODEX_CI"),
            Variable("CODEX_THREAD_ID"),
        ]),
    ),
    ("aider", VariableIs("OR_APP_NAME", "aider")),
    ("plandex", VariableIs("OR_APP_NAME", "plandex")),
    ("openhands", VariableIs("OR_APP_NAME", "openhands")),
    ("qwen_code", Variable("QWEN_CODE")),
    ("droid", Variable("DROID_CLI")),
    ("opencode", Variable("OPENCODE_AI")),
    ("kimi_cli", Variable("KIMI_CLI")),
    ("goose", Variable("GOOSE_TERMINAL")),
    ("cline", Variable("CLINE_TASK_ID")),
    ("roo_code", Variable("ROO_CODE_TASK_ID")),
    ("windsurf", Variable("WINDSURF_SESSION")),
    ("augment", Variable("AUGMENT_AGENT")),
    ("antigravity", Variable("ANTIGRAVITY_AGENT")),
    ("other", Any(&[Variable("AGENT_CLI"), Variable("AI_AGENT")])),
];

/// The agent, if one runs the process.
pub(super) fn detect(surroundings: &Surroundings) -> Option<&'static str> {
    AGENTS.iter().find(|(_, sign)| sign.is_in(surroundings)).map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surroundings::Folder;

    const EXPECTED: [(&str, &str); 29] = [
        ("CLAUDECODE=1", "claude_code"),
        ("CLAUDE_CODE=1", "claude_code"),
        ("CLAUDE_CODE_ENTRYPOINT=cli", "claude_code"),
        ("CURSOR_AGENT=1", "cursor"),
        ("GEMINI_CLI=1", "gemini_cli"),
        ("COPILOT_AGENT=1", "copilot"),
        ("COPILOT_CLI=1", "copilot"),
        ("GITHUB_COPILOT_CLI_MODE=true", "copilot"),
        ("AI_AGENT=github_copilot_vscode_agent", "copilot"),
        ("CODEX_CLI=1", "codex"),
        ("CODEX_SANDBOX=seatbelt", "codex"),
        ("CODEX_CI=1", "codex"),
        ("CODEX_THREAD_ID=secret", "codex"),
        ("OR_APP_NAME=Aider", "aider"),
        ("OR_APP_NAME=plandex", "plandex"),
        ("OR_APP_NAME=OpenHands", "openhands"),
        ("QWEN_CODE=1", "qwen_code"),
        ("DROID_CLI=1", "droid"),
        ("OPENCODE_AI=1", "opencode"),
        ("KIMI_CLI=1", "kimi_cli"),
        ("GOOSE_TERMINAL=1", "goose"),
        ("CLINE_TASK_ID=secret", "cline"),
        ("ROO_CODE_TASK_ID=secret", "roo_code"),
        ("WINDSURF_SESSION=secret", "windsurf"),
        ("AUGMENT_AGENT=1", "augment"),
        ("ANTIGRAVITY_AGENT=1", "antigravity"),
        ("AGENT_CLI=1", "other"),
        ("AI_AGENT=secret-agent@1", "other"),
        ("AI_AGENT=devin", "other"),
    ];

    fn detected(variable: &str) -> Option<&'static str> {
        let (name, value) = variable.split_once('=').unwrap_or((variable, ""));
        detect(&Surroundings::made_of(&Folder::with(&[])).with_variable(name, value))
    }

    #[test]
    fn each_agent_is_known_by_what_it_sets() {
        for (variable, name) in EXPECTED {
            assert_eq!(detected(variable), Some(name), "{variable}");
        }
        for (name, _) in AGENTS {
            assert!(EXPECTED.iter().any(|(_, expected)| *expected == name), "{name} has no test");
        }
    }

    #[test]
    fn empty_variables_configuration_and_the_terminals_of_people_are_no_agent() {
        for variable in [
            "CLAUDECODE=",
            "AI_AGENT=",
            "OR_APP_NAME=MyApp",
            "ANTHROPIC_API_KEY=secret",
            "CODEX_HOME=/home/me/.codex",
            "GOOSE_PROVIDER=openai",
            "CURSOR_TRACE_ID=secret",
            "ZED_TERM=true",
            "REPL_ID=secret",
        ] {
            assert_eq!(detected(variable), None, "{variable}");
        }
    }
}
