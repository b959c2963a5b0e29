//! Which TLS a client speaks, without a choice for the rest of the process.
//!
//! reqwest has `aws-lc-rs` or a provider that the program has installed for the whole process. So `ring` reaches it as a
//! finished configuration, and nothing is installed. `docs/tls.md` compares the libraries.

#[cfg(any(feature = "rustls-aws-lc", feature = "native-tls", not(feature = "rustls")))]
use reqwest::ClientBuilder;

/// Sets TLS 1.2 as the lowest version, and `ring` as the provider where no other was chosen.
#[cfg(any(feature = "rustls-aws-lc", feature = "native-tls", not(feature = "rustls")))]
#[allow(clippy::unnecessary_wraps, reason = "`ring` has a set-up that can fail")]
pub(crate) fn set_up(builder: ClientBuilder) -> Result<ClientBuilder, String> {
    #[cfg(any(feature = "rustls-aws-lc", feature = "native-tls"))]
    let builder = builder.tls_version_min(reqwest::tls::Version::TLS_1_2);
    Ok(builder)
}

/// Returns a setting of TLS that the HTTP client would ignore.
#[cfg(any(feature = "rustls-aws-lc", feature = "native-tls", not(feature = "rustls")))]
pub(crate) fn ignored(_: &ClientBuilder) -> Option<&'static str> {
    None
}

#[cfg(all(feature = "rustls", not(any(feature = "rustls-aws-lc", feature = "native-tls"))))]
pub(crate) use with_ring::{ignored, set_up};

#[cfg(all(feature = "rustls", not(any(feature = "rustls-aws-lc", feature = "native-tls"))))]
mod with_ring {
    use std::sync::Arc;

    use reqwest::ClientBuilder;
    use rustls::{
        ClientConfig,
        crypto::{CryptoProvider, ring},
        version::{TLS12, TLS13},
    };
    use rustls_platform_verifier::Verifier;

    /// What is offered is what can be spoken, in the order of preference.
    const ALPN: &[&[u8]] = if cfg!(feature = "http2") { &[b"h2", b"http/1.1"] } else { &[b"http/1.1"] };

    /// Settings that reqwest ignores beside a finished configuration, as its `Debug` shows them and as callers know them.
    /// Certificates are not among them: reqwest does not show those.
    const IGNORED: [(&str, &str); 6] = [
        ("tls_version_min: ", "tls_version_min"),
        ("tls_version_max: ", "tls_version_max"),
        ("tls_danger_accept_invalid_certs: ", "tls_danger_accept_invalid_certs"),
        ("tls_danger_accept_invalid_hostnames: ", "tls_danger_accept_invalid_hostnames"),
        ("tls_sni: false", "tls_sni"),
        ("tls_sslkeylogfile: true", "tls_sslkeylogfile"),
    ];

    pub(crate) fn set_up(builder: ClientBuilder) -> Result<ClientBuilder, String> {
        if CryptoProvider::get_default().is_some() {
            return Ok(builder.tls_version_min(reqwest::tls::Version::TLS_1_2));
        }
        let provider = Arc::new(ring::default_provider());
        let verifier = Verifier::new(provider.clone()).map_err(|error| error.to_string())?;
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13, &TLS12])
            .map_err(|error| error.to_string())?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        config.alpn_protocols = ALPN.iter().map(|name| name.to_vec()).collect();
        Ok(builder.tls_backend_preconfigured(config))
    }

    pub(crate) fn ignored(builder: &ClientBuilder) -> Option<&'static str> {
        if CryptoProvider::get_default().is_some() {
            return None;
        }
        let shown = format!("{builder:?}");
        IGNORED.iter().find(|(field, _)| shown.contains(&format!(", {field}"))).map(|(_, name)| *name)
    }
}
