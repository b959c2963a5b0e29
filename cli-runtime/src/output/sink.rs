//! Standard output, which may be closed early: `jasper … | head` is no error.

use std::{
    fmt,
    io::{self, BufWriter, ErrorKind, Write},
};

use crate::failure::{Class, Failure};

/// Where results are written.
pub(crate) struct Sink {
    to: BufWriter<Box<dyn Write + Send>>,
    /// Whether the reader has gone, so that nothing more is written.
    is_closed: bool,
}

impl Sink {
    /// Creates a sink that writes to standard output.
    pub(crate) fn stdout() -> Self {
        Self::to(io::stdout())
    }

    /// Creates a sink that writes to this writer.
    pub(crate) fn to(writer: impl Write + Send + 'static) -> Self {
        Self { to: BufWriter::with_capacity(64 * 1024, Box::new(writer)), is_closed: false }
    }

    /// Returns whether the reader has gone. There is no use in requesting more then.
    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Writes bytes.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if self.is_closed {
            return Ok(());
        }
        let written = self.to.write_all(bytes);
        self.told(written)
    }

    /// Writes text.
    pub(crate) fn text(&mut self, text: &str) -> Result<(), Failure> {
        self.bytes(text.as_bytes())
    }

    /// Hands on what was written.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        if self.is_closed {
            return Ok(());
        }
        let flushed = self.to.flush();
        self.told(flushed)
    }

    fn told(&mut self, result: io::Result<()>) -> Result<(), Failure> {
        match result {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.is_closed = true;
                Ok(())
            }
            Err(error) => Err(Failure::new(Class::File, format!("cannot write to standard output: {error}"))),
            Ok(()) => Ok(()),
        }
    }
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sink").field("is_closed", &self.is_closed).finish_non_exhaustive()
    }
}

/// A writer for tests.
#[cfg(test)]
pub(crate) mod testing {
    use std::{
        io::{self, Write},
        sync::{Arc, Mutex},
    };

    /// A writer that keeps what is written.
    #[derive(Debug, Clone, Default)]
    pub(crate) struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Shared {
        pub(crate) fn bytes(&self) -> Vec<u8> {
            self.0.lock().unwrap().clone()
        }

        pub(crate) fn text(&self) -> String {
            String::from_utf8(self.bytes()).unwrap()
        }
    }

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Broken(ErrorKind);

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(self.0.into())
        }
    }

    #[test]
    fn a_closed_pipe_is_the_end_and_no_error() {
        let mut sink = Sink::to(Broken(ErrorKind::BrokenPipe));
        sink.text("a").unwrap();
        sink.flush().unwrap();
        assert!(sink.is_closed());
        sink.text("b").unwrap();
    }

    #[test]
    fn a_full_disk_is_an_error() {
        let mut sink = Sink::to(Broken(ErrorKind::StorageFull));
        sink.text("a").unwrap();
        assert_eq!(sink.flush().unwrap_err().class, Class::File);
    }
}
