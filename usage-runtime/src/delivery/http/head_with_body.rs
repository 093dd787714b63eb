//! Has the head of a request travel with its body: apart they are two packets, and each wakes the other
//! side, which for a small request is most of what it costs. Beside `http.rs` the only file that names
//! ureq.

use std::mem;

use ureq::Error;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport as Connection,
};

/// The last link of a chain of connectors.
#[derive(Debug)]
pub(super) struct HeadWithBody {
    /// Whether connections go through a proxy: then the chain is gone through for that one, too.
    pub(super) is_proxied: bool,
}

impl<In: Connection> Connector<In> for HeadWithBody {
    type Out = Together<In>;

    fn connect(&self, details: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, Error> {
        let answer = LazyBuffers::new(details.config.input_buffer_size(), 1);
        let is_outermost = self.is_proxied == details.config.proxy().is_some();
        Ok(chained.map(|connection| Together::new(connection, answer, is_outermost)))
    }
}

/// A connection that holds back what is sent first, until more is sent or an answer is waited for. What
/// comes behind it is written behind it, so nothing is moved.
#[derive(Debug)]
pub(super) struct Together<In> {
    connection: In,
    /// What is held: so much of the connection's output.
    held: usize,
    /// Whether something of this request was sent, or is held.
    is_begun: bool,
    /// What came, for it cannot be looked at while it is the connection's.
    answer: LazyBuffers,
    /// Whether it was given back since the last answer.
    is_given_back: bool,
    /// Whether it is the one that is given back, and not one to a proxy, within it.
    is_outermost: bool,
}

impl<In: Connection> Together<In> {
    fn new(connection: In, answer: LazyBuffers, is_outermost: bool) -> Self {
        Self { connection, held: 0, is_begun: false, answer, is_given_back: false, is_outermost }
    }

    fn send(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.held = 0;
        if amount == 0 { Ok(()) } else { self.connection.transmit_output(amount, timeout) }
    }
}

impl<In: Connection> Connection for Together<In> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let all = self.held.saturating_add(amount);
        // Where little room would be left, nothing is gained.
        let has_room = all <= self.connection.buffers().output().len() / 2;
        if !self.is_begun && has_room {
            (self.is_begun, self.held) = (true, all);
            return Ok(());
        }
        self.is_begun = true;
        self.send(all, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.send(self.held, timeout)?;
        (self.is_begun, self.is_given_back) = (false, false);
        if self.connection.buffers().input().is_empty() {
            self.connection.await_input(timeout)?;
        }
        let come = self.connection.buffers();
        let place = self.answer.input_append_buf();
        let amount = come.input().len().min(place.len());
        place.iter_mut().zip(come.input()).for_each(|(place, byte)| *place = *byte);
        come.input_consume(amount);
        self.answer.input_appended(amount);
        Ok(amount > 0)
    }

    /// Asked when it is given back and when it is taken again, at once and each time with three system
    /// calls. The second time is the one that counts.
    fn is_open(&mut self) -> bool {
        let is_given_back = self.is_outermost && !mem::replace(&mut self.is_given_back, true);
        is_given_back || self.connection.is_open()
    }

    fn is_tls(&self) -> bool {
        self.connection.is_tls()
    }
}

/// The connection's output behind what is held there, and an answer of its own.
impl<In: Connection> Buffers for Together<In> {
    fn output(&mut self) -> &mut [u8] {
        self.connection.buffers().output().get_mut(self.held..).unwrap_or_default()
    }

    fn tmp_and_output(&mut self) -> (&mut [u8], &mut [u8]) {
        let (tmp, output) = self.connection.buffers().tmp_and_output();
        (tmp, output.get_mut(self.held..).unwrap_or_default())
    }

    fn input(&self) -> &[u8] {
        self.answer.input()
    }

    fn input_append_buf(&mut self) -> &mut [u8] {
        self.answer.input_append_buf()
    }

    fn input_appended(&mut self, amount: usize) {
        self.answer.input_appended(amount);
    }

    fn input_consume(&mut self, amount: usize) {
        self.answer.input_consume(amount);
    }

    fn can_use_input(&self) -> bool {
        self.answer.can_use_input()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Remembers what it was given, write by write.
    #[derive(Debug)]
    struct Written {
        buffers: LazyBuffers,
        writes: Vec<String>,
        is_open: bool,
    }

    impl Connection for Written {
        fn buffers(&mut self) -> &mut dyn Buffers {
            &mut self.buffers
        }

        fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), Error> {
            self.writes.push(String::from_utf8(self.buffers.output()[..amount].to_vec()).unwrap());
            Ok(())
        }

        fn await_input(&mut self, _: NextTimeout) -> Result<bool, Error> {
            self.writes.push("answer".to_owned());
            Ok(true)
        }

        fn is_open(&mut self) -> bool {
            self.is_open
        }
    }

    fn together() -> Together<Written> {
        let connection = Written { buffers: LazyBuffers::new(8, 8), writes: Vec::new(), is_open: true };
        Together::new(connection, LazyBuffers::new(8, 1), true)
    }

    /// What becomes of these writes, of which "answer" is to wait for one, with room for eight bytes at once.
    fn written(writes: &[&str]) -> Vec<String> {
        let mut together = together();
        for write in writes {
            if *write == "answer" {
                together.await_input(NextTimeout::default()).unwrap();
                continue;
            }
            let mut rest = write.as_bytes();
            while !rest.is_empty() {
                let room = together.buffers().output();
                let (now, later) = rest.split_at(rest.len().min(room.len()));
                room[..now.len()].copy_from_slice(now);
                together.transmit_output(now.len(), NextTimeout::default()).unwrap();
                rest = later;
            }
        }
        together.connection.writes
    }

    #[test]
    fn a_head_travels_with_its_body_and_nothing_is_lost_where_there_is_no_room_for_both() {
        assert_eq!(written(&["head", "body", "answer"]), ["headbody", "answer"]);
        assert_eq!(written(&["head", "body", "more", "answer"]), ["headbody", "more", "answer"]);
        assert_eq!(written(&["head", "body of", "more", "answer"]), ["headbody", " of", "more", "answer"]);
        assert_eq!(written(&["a head", "body", "answer"]), ["a head", "body", "answer"]);
        assert_eq!(written(&["head", "answer", "answer"]), ["head", "answer", "answer"]);
        let two = ["head", "body", "answer", "next", "body", "answer"];
        assert_eq!(written(&two), ["headbody", "answer", "nextbody", "answer"]);
    }

    #[test]
    fn whether_it_is_open_is_asked_when_it_is_taken_and_not_when_it_is_given_back() {
        let mut together = together();
        for _ in 0..2 {
            together.transmit_output(1, NextTimeout::default()).unwrap();
            together.await_input(NextTimeout::default()).unwrap();
            together.connection.is_open = false;
            assert!(together.is_open() && !together.is_open() && !together.is_open());
            together.connection.is_open = true;
            assert!(together.is_open());
        }
        // Within another one it is asked once.
        (together.is_outermost, together.connection.is_open) = (false, false);
        together.await_input(NextTimeout::default()).unwrap();
        assert!(!together.is_open());
    }
}
