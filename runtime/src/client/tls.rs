//! Sets up TLS for a client, without changing process-wide state.
//!
//! reqwest itself supports `aws-lc-rs` or a provider that is installed for the process. `ring` is therefore passed to
//! it as a complete configuration, and nothing is installed. `docs/tls.md` compares the libraries.

use secrecy::SecretSlice;

use crate::client::http_settings::HttpSettings;

/// The certificates that the caller set, as PEM.
#[derive(Default)]
pub(crate) struct Certificates {
    pub(crate) roots: Vec<Vec<u8>>,
    /// Whether to exclude the platform's trust anchors.
    pub(crate) only_these: bool,
    /// The client's certificate chain and private key.
    pub(crate) identity: Option<SecretSlice<u8>>,
}

impl Certificates {
    pub(crate) fn is_default(&self) -> bool {
        self.roots.is_empty() && !self.only_these && self.identity.is_none()
    }
}

/// Sets up TLS, unless the caller replaced the configuration.
pub(crate) fn set_up(settings: HttpSettings, certificates: &Certificates) -> Result<reqwest::ClientBuilder, String> {
    if !settings.has_tls {
        return backend::set_up(settings, certificates);
    }
    if !certificates.is_default() {
        return Err("`tls_backend_preconfigured` replaces the certificates of the client builder: \
                    add them to that configuration"
            .to_owned());
    }
    if settings.is_http1_only {
        return Err("`tls_backend_preconfigured` replaces the protocols of `http1_only`: \
                    set `http/1.1` as the ALPN protocol of that configuration"
            .to_owned());
    }
    Ok(settings.builder)
}

/// Returns the text of an error and of its causes: reqwest's own text is only `builder error`.
pub(crate) fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// Uses `ring`, or the provider that the program has installed.
#[cfg(all(feature = "rustls", not(any(feature = "rustls-aws-lc", feature = "native-tls", target_arch = "wasm32"))))]
mod backend {
    use std::sync::Arc;

    use rustls::{
        ClientConfig, ConfigBuilder, RootCertStore,
        client::WantsClientCert,
        crypto::{CryptoProvider, ring},
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
        version::{TLS12, TLS13},
    };
    use rustls_platform_verifier::Verifier;
    use secrecy::ExposeSecret;

    use super::Certificates;
    use crate::client::http_settings::HttpSettings;

    type Verified = ConfigBuilder<ClientConfig, WantsClientCert>;

    pub(super) fn set_up(
        settings: HttpSettings,
        certificates: &Certificates,
    ) -> Result<reqwest::ClientBuilder, String> {
        let builder = verified(certificates)?;
        let mut config = match &certificates.identity {
            Some(pem) => {
                let pem = pem.expose_secret();
                let chain = chain(pem, "client")?;
                let key = PrivateKeyDer::from_pem_slice(pem)
                    .map_err(|error| format!("cannot read the client's key: {error}"))?;
                builder
                    .with_client_auth_cert(chain, key)
                    .map_err(|error| format!("the client certificate is invalid: {error}"))?
            }
            None => builder.with_no_client_auth(),
        };
        // The protocols that the client supports, in order of preference.
        let protocols: &[&[u8]] =
            if cfg!(feature = "http2") && !settings.is_http1_only { &[b"h2", b"http/1.1"] } else { &[b"http/1.1"] };
        config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
        Ok(settings.builder.tls_backend_preconfigured(config))
    }

    fn verified(certificates: &Certificates) -> Result<Verified, String> {
        let provider = CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(ring::default_provider()));
        let builder = ClientConfig::builder_with_provider(provider.clone())
            .with_protocol_versions(&[&TLS13, &TLS12])
            .map_err(|error| error.to_string())?;
        let mut roots = Vec::new();
        for pem in &certificates.roots {
            roots.extend(chain(pem, "root")?);
        }
        if certificates.only_these {
            let mut store = RootCertStore::empty();
            for root in roots {
                store.add(root).map_err(|error| format!("a root certificate is invalid: {error}"))?;
            }
            return Ok(builder.with_root_certificates(store));
        }
        let verifier = if roots.is_empty() {
            Verifier::new(provider).map_err(|error| error.to_string())?
        } else {
            with_extra_roots(roots, provider)?
        };
        Ok(builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)))
    }

    #[cfg(not(target_os = "android"))]
    fn with_extra_roots(
        roots: Vec<CertificateDer<'static>>,
        provider: Arc<CryptoProvider>,
    ) -> Result<Verifier, String> {
        Verifier::new_with_extra_roots(roots, provider)
            .map_err(|error| format!("a root certificate is invalid: {error}"))
    }

    #[cfg(target_os = "android")]
    fn with_extra_roots(_: Vec<CertificateDer<'static>>, _: Arc<CryptoProvider>) -> Result<Verifier, String> {
        Err("root certificates cannot be added to those of Android; use `only_root_certificates_pem`".to_owned())
    }

    fn chain(pem: &[u8], whose: &str) -> Result<Vec<CertificateDer<'static>>, String> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        match chain {
            Ok(chain) if chain.is_empty() => Err(format!("the PEM text contains no {whose} certificate")),
            Ok(chain) => Ok(chain),
            Err(error) => Err(format!("cannot read the {whose} certificate: {error}")),
        }
    }
}

/// Uses reqwest's own set-up: `aws-lc-rs`, or the system's library.
#[cfg(all(any(feature = "rustls-aws-lc", feature = "native-tls"), not(target_arch = "wasm32")))]
mod backend {
    use reqwest::{Certificate, Identity};
    use secrecy::ExposeSecret;

    use super::{Certificates, with_causes};
    use crate::client::http_settings::HttpSettings;

    pub(super) fn set_up(
        settings: HttpSettings,
        certificates: &Certificates,
    ) -> Result<reqwest::ClientBuilder, String> {
        let mut builder = settings.builder.tls_version_min(reqwest::tls::Version::TLS_1_2);
        // Another crate of the build may have enabled the other backend.
        #[cfg(feature = "native-tls")]
        let backend = reqwest::ClientBuilder::tls_backend_native;
        #[cfg(not(feature = "native-tls"))]
        let backend = reqwest::ClientBuilder::tls_backend_rustls;
        builder = backend(builder);
        let mut roots = Vec::new();
        for pem in &certificates.roots {
            let found = Certificate::from_pem_bundle(pem)
                .map_err(|error| format!("a root certificate is invalid: {}", with_causes(&error)))?;
            if found.is_empty() {
                return Err("the PEM text contains no root certificate".to_owned());
            }
            roots.extend(found);
        }
        builder = if certificates.only_these { builder.tls_certs_only(roots) } else { builder.tls_certs_merge(roots) };
        match &certificates.identity {
            Some(pem) => Ok(builder.identity(identity(pem.expose_secret())?)),
            None => Ok(builder),
        }
    }

    #[cfg(not(feature = "native-tls"))]
    fn identity(pem: &[u8]) -> Result<Identity, String> {
        Identity::from_pem(pem).map_err(|error| format!("the client certificate is invalid: {}", with_causes(&error)))
    }

    #[cfg(feature = "native-tls")]
    fn identity(pem: &[u8]) -> Result<Identity, String> {
        let text = std::str::from_utf8(pem).map_err(|_| "the PEM text of the client certificate is not UTF-8")?;
        let (chain, key) = (sections(text, "CERTIFICATE"), sections(text, "PRIVATE KEY"));
        if key.is_empty() {
            return Err("the PEM text contains no private key in PKCS #8 (`BEGIN PRIVATE KEY`)".to_owned());
        }
        Identity::from_pkcs8_pem(chain.as_bytes(), key.as_bytes())
            .map_err(|error| format!("the client certificate is invalid: {}", with_causes(&error)))
    }

    /// The system's libraries require sections of different kinds in separate texts.
    #[cfg(feature = "native-tls")]
    fn sections(text: &str, label: &str) -> String {
        let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
        let contents = text.split(&begin).skip(1).filter_map(|rest| rest.split_once(&end));
        contents.map(|(content, _)| format!("{begin}{content}{end}\n")).collect::<Vec<_>>().concat()
    }
}

/// Without a TLS feature; reqwest may still have TLS because of another crate. On the web, TLS is that of the browser.
#[cfg(any(not(any(feature = "rustls", feature = "rustls-aws-lc", feature = "native-tls")), target_arch = "wasm32"))]
mod backend {
    use super::Certificates;
    use crate::client::http_settings::HttpSettings;

    pub(super) fn set_up(
        settings: HttpSettings,
        certificates: &Certificates,
    ) -> Result<reqwest::ClientBuilder, String> {
        if certificates.is_default() {
            return Ok(settings.builder);
        }
        let reason = if cfg!(target_arch = "wasm32") {
            "certificates have no effect on the web, where TLS is that of the browser"
        } else {
            "certificates require a TLS feature: enable `rustls`, `rustls-aws-lc` or `native-tls`"
        };
        Err(reason.to_owned())
    }
}
