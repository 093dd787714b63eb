//! A stretch of a file in memory: read once, and looked at for one body after the other. Knows nothing
//! of what is in it, but that a line ends within [`LONGEST_LINE`], or it is not ours.

use std::fs::File;
use std::io;

use super::file_access::read_at;

pub(super) const LONGEST_LINE: usize = 64 * 1024;
/// Holds a hundred lines, more or less.
const USUAL: usize = 32 * 1024;

/// Some bytes of one file, in which whole lines stay as they are.
#[derive(Default)]
pub(super) struct Window {
    room: Vec<u8>,
    /// Where in the file its first byte stands, and how many there are.
    begin: u64,
    length: usize,
}

impl Window {
    /// What was read from this place of the file on.
    pub(super) fn from(&self, place: u64) -> &[u8] {
        self.index_of(place).and_then(|index| self.room.get(index..self.length)).unwrap_or_default()
    }

    /// Reads more from there on; returns whether there is any. What stands before the place is forgotten,
    /// and a line whose end had not come yet is read again.
    pub(super) fn read_on(&mut self, file: &File, place: u64) -> io::Result<bool> {
        let known = self.from(place).len();
        let wanted = if known < USUAL { USUAL } else { LONGEST_LINE };
        self.room.resize(self.room.len().max(wanted), 0);
        (self.begin, self.length) = (place, 0);
        self.length = read_at(file, &mut self.room, place)?;
        Ok(self.length > known)
    }

    fn index_of(&self, place: u64) -> Option<usize> {
        usize::try_from(place.checked_sub(self.begin)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn what_was_read_is_shown_from_each_place_in_it_until_there_is_more() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"0123456789").unwrap();
        let mut window = Window::default();
        assert_eq!(window.from(0), b"");
        assert!(window.read_on(&file, 2).unwrap());
        assert_eq!(
            (window.from(2), window.from(7), window.from(1)),
            (&b"23456789"[..], &b"789"[..], &b""[..])
        );
        assert!(!window.read_on(&file, 7).unwrap());
        file.write_all(b"abc").unwrap();
        assert!(window.read_on(&file, 8).unwrap());
        assert_eq!((window.from(8), window.from(7), window.from(99)), (&b"89abc"[..], &b""[..], &b""[..]));
    }

    #[test]
    fn there_is_always_room_for_more_but_where_a_line_is_too_long() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&vec![b'x'; 3 * LONGEST_LINE]).unwrap();
        let mut window = Window::default();
        let mut lengths = Vec::new();
        while window.read_on(&file, 1).unwrap() {
            lengths.push(window.from(1).len());
        }
        assert_eq!(lengths, [USUAL, LONGEST_LINE]);
        assert!(window.read_on(&file, 2).unwrap() && window.from(2).len() == LONGEST_LINE);
    }
}
