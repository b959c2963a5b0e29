//! Splits a streamed body into lines, or into the records of a JSON sequence.

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;

use crate::{error::Error, reply::stream::Chunks};

/// The bytes that end lines.
const LINE_ENDS: &[u8] = b"\n\r";

/// The byte before each record of a JSON sequence (RFC 7464), which ends the one before.
const RECORD_ENDS: &[u8] = b"\x1e";

/// Splits chunks into lines or records. Buffers an incomplete one, up to a limit.
pub(crate) struct Lines {
    chunks: Chunks,
    ends: &'static [u8],
    kept: BytesMut,
    /// The length of the prefix of the buffer that contains no line end.
    searched: usize,
    /// Whether the last line ended with a carriage return. A following line feed belongs to it.
    after_return: bool,
    limit: usize,
}

impl Lines {
    pub(crate) fn new(chunks: Chunks, limit: usize) -> Self {
        Self { chunks, ends: LINE_ENDS, kept: BytesMut::new(), searched: 0, after_return: false, limit }
    }

    /// Splits at the separators of a JSON sequence instead of at the ends of lines.
    pub(crate) fn records(chunks: Chunks, limit: usize) -> Self {
        Self { ends: RECORD_ENDS, ..Self::new(chunks, limit) }
    }

    /// Returns the next line without its end: a line feed, a carriage return, or both. The last line may have none.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            let line = self.take_line();
            if line.as_ref().map_or(self.kept.len(), Bytes::len) > self.limit {
                return Err(Error::TooLarge { limit: self.limit });
            }
            if line.is_some() {
                return Ok(line);
            }
            match self.chunks.next().await {
                Some(chunk) => self.kept.extend_from_slice(&chunk?),
                None if self.kept.is_empty() => return Ok(None),
                None => {
                    self.searched = 0;
                    return Ok(Some(self.kept.split().freeze()));
                }
            }
        }
    }

    fn take_line(&mut self) -> Option<Bytes> {
        if self.after_return && !self.kept.is_empty() {
            self.after_return = false;
            if self.kept.starts_with(b"\n") {
                let _ = self.kept.split_to(1);
            }
        }
        let rest = self.kept.get(self.searched..).unwrap_or_default();
        let Some(found) = rest.iter().position(|byte| self.ends.contains(byte)) else {
            self.searched = self.kept.len();
            return None;
        };
        let mut line = self.kept.split_to(self.searched + found + 1);
        self.after_return = line.ends_with(b"\r");
        line.truncate(line.len() - 1);
        self.searched = 0;
        Some(line.freeze())
    }
}
