//! SipHash-2-4 with an output of 128 bits, by Aumasson and Bernstein, for inputs of eight bytes: a
//! pseudorandom function of short inputs. Without the key, outputs look like random numbers that have
//! nothing to do with each other or with their inputs. std has it with 64 bits alone, and deprecated.

/// The output for an input under a key of two halves.
pub(super) fn of_eight_bytes(key: (u64, u64), input: u64) -> u128 {
    let mut state = State {
        a: key.0 ^ 0x736f_6d65_7073_6575,
        b: key.1 ^ 0x646f_7261_6e64_6f6d ^ 0xee,
        c: key.0 ^ 0x6c79_6765_6e65_7261,
        d: key.1 ^ 0x7465_6462_7974_6573,
    };
    state.take_in(input);
    // What would be the rest of a longer input: nothing, and the length in the highest byte.
    state.take_in(8 << 56);
    state.c ^= 0xee;
    let low = state.give_out();
    state.b ^= 0xdd;
    let high = state.give_out();
    u128::from(high) << 64 | u128::from(low)
}

/// In the paper these are v0 to v3.
struct State {
    a: u64,
    b: u64,
    c: u64,
    d: u64,
}

impl State {
    fn take_in(&mut self, word: u64) {
        self.d ^= word;
        (0..2).for_each(|_| self.round());
        self.a ^= word;
    }

    fn give_out(&mut self) -> u64 {
        (0..4).for_each(|_| self.round());
        self.a ^ self.b ^ self.c ^ self.d
    }

    fn round(&mut self) {
        let Self { a, b, c, d } = self;
        *a = a.wrapping_add(*b);
        *b = b.rotate_left(13) ^ *a;
        *a = a.rotate_left(32);
        *c = c.wrapping_add(*d);
        *d = d.rotate_left(16) ^ *c;
        *a = a.wrapping_add(*d);
        *d = d.rotate_left(21) ^ *a;
        *c = c.wrapping_add(*b);
        *b = b.rotate_left(17) ^ *c;
        *c = c.rotate_left(32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector for an input of eight bytes in the authors' reference implementation, in which the key
    /// is 0 to 15 and the input 0 to 7, lowest byte first.
    #[test]
    fn it_is_the_published_function() {
        let key = (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908);
        let output = of_eight_bytes(key, 0x0706_0504_0302_0100).to_le_bytes();
        let expected =
            [0x3b, 0x62, 0xa9, 0xba, 0x62, 0x58, 0xf5, 0x61, 0x0f, 0x83, 0xe2, 0x64, 0xf3, 0x14, 0x97, 0xb4];
        assert_eq!(output, expected);
    }

    /// What std calls `SipHasher` shares all but two constants and the second half.
    #[test]
    #[expect(deprecated, reason = "it is the only other one at hand")]
    fn without_what_makes_it_longer_it_is_the_one_of_std() {
        use std::hash::Hasher;
        for (key, input) in [((0, 0), 0), ((1, u64::MAX), 4711), ((u64::MAX, 7), u64::MAX)] {
            let mut std = std::hash::SipHasher::new_with_keys(key.0, key.1);
            std.write(&u64::to_le_bytes(input));
            let mut state = State {
                a: key.0 ^ 0x736f_6d65_7073_6575,
                b: key.1 ^ 0x646f_7261_6e64_6f6d,
                c: key.0 ^ 0x6c79_6765_6e65_7261,
                d: key.1 ^ 0x7465_6462_7974_6573,
            };
            state.take_in(input);
            state.take_in(8 << 56);
            state.c ^= 0xff;
            assert_eq!(state.give_out(), std.finish());
        }
    }
}
