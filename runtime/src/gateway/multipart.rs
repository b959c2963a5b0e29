//! File names in multipart forms, as the open-source gateway reads them.

use crate::http::path;

/// Returns the parameters of a part whose file name is not ASCII.
///
/// The gateway reads `filename` as ISO 8859-1, and prefers `filename*` (RFC 8187), which reqwest does not write.
/// reqwest quotes the whole text as if it were the name of the part; `size` (RFC 2183) absorbs the closing quote.
pub(crate) fn file_parameters(name: &str, file_name: &str, quoted: &str, length: u64) -> Option<String> {
    let encoded = || path::encode_value(file_name);
    (!quoted.is_ascii())
        .then(|| format!("{name}\"; filename=\"{quoted}\"; filename*=UTF-8''{}; size=\"{length}", encoded()))
}
