//! Where calls go: to a server of the document, or below a base URL of the caller.

use reqwest::Url;

use crate::{
    client::{
        server::{Server, ServerTemplate},
        service::Service,
    },
    http::base::Base,
};

/// Where the calls of a client go.
#[derive(Debug)]
pub(crate) struct Destination {
    pub(crate) base: Base,
    values: Vec<(String, String)>,
    own: Option<Own>,
}

/// A base URL of the caller.
#[derive(Debug)]
struct Own {
    text: String,
    /// The path of the document's server, which the base URL stands for. Empty if it was added to the base URL.
    replaced: String,
}

impl Destination {
    /// Finds the server of a client.
    ///
    /// # Errors
    ///
    /// Returns why there is no server to send calls to.
    pub(crate) fn new(service: &Service, choice: Server, base_url: Option<&str>) -> Result<Self, String> {
        let servers = service.servers;
        let template = choice.template(servers)?;
        let is_known = |name: &str| {
            service.operation_variables.contains(&name) || servers.iter().any(|it| it.variable(name).is_some())
        };
        let values = choice.into_values();
        if let Some((name, _)) = values.iter().find(|(name, _)| !is_known(name)) {
            return Err(format!("no server has a variable `{name}`"));
        }
        let declared = template.map_or_else(|| Ok(service.base_url.to_owned()), |it| it.expand(&values));
        let Some(text) = base_url else {
            let declared = declared?;
            if declared.is_empty() {
                return Err("the document names no server; set the base URL".to_owned());
            }
            if !declared.contains("://") {
                return Err(format!("the server `{declared}` of the document is relative; set the base URL"));
            }
            return Ok(Self { base: Base::parse(&declared)?, values, own: None });
        };
        let base = Base::parse(text)?;
        let is_host = !base.text().split_once("//").is_some_and(|(_, rest)| rest.contains('/'));
        let is_relative = template.is_some_and(|template| !template.is_absolute());
        // The path of a relative server is a part of the base URL. That of another one is replaced, whatever its variables.
        let declared = if is_host && is_relative { declared? } else { declared.unwrap_or_default() };
        let (base, replaced) = if is_host && !declared.is_empty() && !declared.contains("//") {
            let joined = Url::parse(base.text()).and_then(|host| host.join(&declared));
            (Base::parse(joined.map_err(|error| error.to_string())?.as_str())?, String::new())
        } else {
            (base, path_of(&declared).to_owned())
        };
        let own = Own { text: text.trim_end_matches('/').to_owned(), replaced };
        Ok(Self { base, values, own: Some(own) })
    }

    /// Returns the base of an operation with a server of its own. A base URL of the caller stands for all hosts: the path of
    /// the server follows it.
    pub(crate) fn base_of(&self, server: &ServerTemplate) -> Result<Base, String> {
        let Some(own) = &self.own else { return Base::parse(&server.expand(&self.values)?) };
        let url = server.expand_path(&self.values)?;
        let path = path_of(&url);
        let below = path.strip_prefix(own.replaced.as_str()).filter(|rest| rest.is_empty() || rest.starts_with('/'));
        Base::parse(&format!("{}{}", own.text, below.unwrap_or(path)))
    }
}

/// Returns the path of a URL, which may be relative, without a trailing slash.
fn path_of(url: &str) -> &str {
    let path = match url.split_once("//") {
        Some((_, rest)) => rest.find('/').and_then(|start| rest.get(start..)).unwrap_or_default(),
        None => url,
    };
    path.trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::server::ServerVariable;

    static SERVERS: &[ServerTemplate] = &[
        ServerTemplate::new("https://{tenant}.example.com:{port}/{base}/").variables(&[
            ServerVariable::new("tenant"),
            ServerVariable::new("port").default("443").values(&["443", "8443"]),
            ServerVariable::new("base").default("v2"),
        ]),
        ServerTemplate::new("https://eu.example.com/v2").name("EU"),
        ServerTemplate::new("/v3").name("here"),
    ];

    fn destination(choice: Server, base_url: Option<&str>) -> Result<String, String> {
        Destination::new(&Service::new("", "TEST").servers(SERVERS), choice, base_url)
            .map(|it| it.base.text().to_owned())
    }

    fn with(values: &[(&str, &str)]) -> Server {
        let mut choice = Server::default();
        for (name, value) in values {
            choice.set(*name, *value);
        }
        choice
    }

    #[test]
    fn variables_have_values_of_their_place() {
        assert_eq!(destination(with(&[("tenant", "acme")]), None).as_deref(), Ok("https://acme.example.com/v2"));
        let other = with(&[("tenant", "a"), ("port", "8443"), ("base", "x/y")]);
        assert_eq!(destination(other, None).as_deref(), Ok("https://a.example.com:8443/x/y"));
        assert!(destination(Server::default(), None).unwrap_err().contains("`tenant`"));
        assert!(destination(with(&[("tenant", "a"), ("region", "b")]), None).unwrap_err().contains("`region`"));
        let port = with(&[("tenant", "a"), ("port", "1")]);
        assert!(destination(port, None).unwrap_err().contains("one of `443`, `8443`"));
        for tenant in ["evil.example/", "a@evil.example", "a?b", "a#b", "a b", "a\\b"] {
            assert!(destination(with(&[("tenant", tenant)]), None).is_err(), "{tenant}");
        }
        for base in ["a?b", "a#b", "../a", "a/%2e%2e"] {
            assert!(destination(with(&[("tenant", "a"), ("base", base)]), None).is_err(), "{base}");
        }
    }

    #[test]
    fn another_server_is_chosen_by_name_or_place() {
        assert_eq!(destination("EU".into(), None).as_deref(), Ok("https://eu.example.com/v2"));
        assert_eq!(destination("https://eu.example.com/v2".into(), None).as_deref(), Ok("https://eu.example.com/v2"));
        assert_eq!(destination(Server::at(1), None).as_deref(), Ok("https://eu.example.com/v2"));
        assert!(destination("US".into(), None).unwrap_err().contains("`EU`, `here`"));
    }

    #[test]
    fn a_relative_server_is_below_the_host_that_is_given() {
        assert!(destination("here".into(), None).unwrap_err().contains("relative"));
        for (given, expected) in [
            ("https://a.example", "https://a.example/v3"),
            ("https://a.example/", "https://a.example/v3"),
            ("https://a.example/proxy/v3", "https://a.example/proxy/v3"),
        ] {
            assert_eq!(destination("here".into(), Some(given)).as_deref(), Ok(expected));
        }
        assert_eq!(destination(Server::default(), Some("https://a.example")).as_deref(), Ok("https://a.example"));
    }

    #[test]
    fn servers_of_operations_keep_their_paths_below_a_base_url() {
        let base_of = |declared, given, own: &'static str| {
            let destination = Destination::new(&Service::new(declared, "TEST"), Server::default(), given).unwrap();
            destination.base_of(&ServerTemplate::new(own)).unwrap().text().to_owned()
        };
        let given = Some("http://127.0.0.1:1/base/");
        for (declared, given, own, expected) in [
            ("https://a.example/v1", None, "https://b.example/up/", "https://b.example/up"),
            ("https://a.example/v1", given, "https://b.example/up/", "http://127.0.0.1:1/base/up"),
            ("https://a.example/v1", given, "https://b.example/v1", "http://127.0.0.1:1/base"),
            ("https://a.example/v1", given, "https://b.example/v1/up", "http://127.0.0.1:1/base/up"),
            ("https://a.example/v1", given, "https://b.example/v10", "http://127.0.0.1:1/base/v10"),
            ("https://a.example/v1", given, "https://b.example", "http://127.0.0.1:1/base"),
            ("/api/v3", Some("http://127.0.0.1:1"), "/up", "http://127.0.0.1:1/up"),
        ] {
            assert_eq!(base_of(declared, given, own), expected, "{own}");
        }
    }

    #[test]
    fn a_base_url_stands_for_the_variables_of_a_host() {
        static OWN: ServerTemplate = ServerTemplate::new("https://{tenant}-up.example/{base}")
            .variables(&[ServerVariable::new("tenant"), ServerVariable::new("base")]);
        static SERVICE: Service = Service::new("https://a.example", "TEST").operation_variables(&["tenant", "base"]);
        let base_of = |given, values: &[(&str, &str)]| {
            let destination = Destination::new(&SERVICE, with(values), given).unwrap();
            destination.base_of(&OWN).map(|base| base.text().to_owned())
        };
        let given = Some("http://127.0.0.1:1");
        assert_eq!(base_of(given, &[("base", "v2")]).as_deref(), Ok("http://127.0.0.1:1/v2"));
        assert!(base_of(given, &[]).unwrap_err().contains("`base`"));
        assert!(base_of(None, &[("base", "v2")]).unwrap_err().contains("`tenant`"));
    }
}
