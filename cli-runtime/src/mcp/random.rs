//! Names that cannot be guessed.

use std::fmt::Write as _;

/// Returns random bytes in hexadecimal. `None` if the system has no random numbers.
pub(crate) fn hex<const BYTES: usize>() -> Option<String> {
    let mut random = [0; BYTES];
    getrandom::fill(&mut random).ok()?;
    Some(random.iter().fold(String::with_capacity(2 * BYTES), |mut hex, byte| {
        // Writing to a string does not fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    }))
}
