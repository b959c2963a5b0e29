//! The servers of a service, and the choice of one.

/// A server, as generated code declares it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerTemplate {
    url: &'static str,
    name: &'static str,
    variables: &'static [ServerVariable],
}

impl ServerTemplate {
    /// Whether the URL has a host.
    pub(crate) fn is_absolute(&self) -> bool {
        self.url.contains("//")
    }

    /// Creates a server from its URL, in which variables stand in braces.
    pub const fn new(url: &'static str) -> Self {
        Self { url, name: "", variables: &[] }
    }

    /// Sets the name by which callers choose the server.
    pub const fn name(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }

    /// Sets the variables of the URL.
    pub const fn variables(mut self, variables: &'static [ServerVariable]) -> Self {
        self.variables = variables;
        self
    }

    /// Returns the URL with the values of its variables.
    ///
    /// # Errors
    ///
    /// Returns which variable has no value, or one that cannot be in its place.
    pub(crate) fn expand(&self, values: &[(String, String)]) -> Result<String, String> {
        self.expand_or(values, None)
    }

    /// As [`expand`](Self::expand), for a URL whose host is not used, so that its variables need no values.
    pub(crate) fn expand_path(&self, values: &[(String, String)]) -> Result<String, String> {
        self.expand_or(values, Some("host"))
    }

    /// Returns the URL with `host` in place of the variables of its host that have no value.
    fn expand_or(&self, values: &[(String, String)], host: Option<&str>) -> Result<String, String> {
        let mut url = String::new();
        let mut rest = self.url;
        while let Some((before, after)) = rest.split_once('{') {
            url.push_str(before);
            let variable = after.split_once('}').and_then(|(name, after)| Some((self.variable(name)?, after)));
            let Some((variable, after)) = variable else {
                url.push('{');
                rest = after;
                continue;
            };
            let set = values.iter().find(|(name, _)| name == variable.name).map(|(_, value)| value.as_str());
            let spot = Spot::of(&url);
            if let Some(host) = host.filter(|_| spot == Spot::Host && set.is_none() && variable.default.is_none()) {
                url.push_str(host);
                rest = after;
                continue;
            }
            let Some(value) = set.or(variable.default) else {
                let name = variable.name;
                return Err(format!("the variable `{name}` of the server has no value; set it with `server_variable`"));
            };
            variable.check(value, spot)?;
            url.push_str(value);
            rest = after;
        }
        url.push_str(rest);
        Ok(url.trim_end_matches('/').to_owned())
    }

    pub(crate) fn variable(&self, name: &str) -> Option<&'static ServerVariable> {
        self.variables.iter().find(|variable| variable.name == name)
    }
}

/// A variable in the URL of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerVariable {
    name: &'static str,
    default: Option<&'static str>,
    values: &'static [&'static str],
}

impl ServerVariable {
    /// Creates a variable of any value.
    pub const fn new(name: &'static str) -> Self {
        Self { name, default: None, values: &[] }
    }

    /// Sets the value that is used unless callers set another one.
    pub const fn default(mut self, value: &'static str) -> Self {
        self.default = Some(value);
        self
    }

    /// Sets the permitted values.
    pub const fn values(mut self, values: &'static [&'static str]) -> Self {
        self.values = values;
        self
    }

    /// Checks that a value is permitted, and does not end the part of the URL that it is in. Messages do not contain it.
    fn check(&self, value: &str, spot: Spot) -> Result<(), String> {
        let name = self.name;
        if !self.values.is_empty() && !self.values.contains(&value) {
            return Err(format!("the variable `{name}` of the server must be one of `{}`", self.values.join("`, `")));
        }
        let ends = |c: char| match spot {
            Spot::Start => false,
            Spot::Host => matches!(c, '/' | '\\' | '?' | '#' | '@') || c.is_whitespace() || c.is_control(),
            Spot::Path => matches!(c, '\\' | '?' | '#') || c.is_whitespace() || c.is_control(),
        };
        if value.contains(ends) {
            return Err(format!("the variable `{name}` of the server has a character that cannot be in its place"));
        }
        Ok(())
    }
}

/// The part of a URL in which a variable is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spot {
    Start,
    Host,
    Path,
}

impl Spot {
    /// Returns the part that follows the beginning of a URL.
    fn of(before: &str) -> Self {
        match before.split_once("//") {
            Some((_, host)) if host.contains('/') => Self::Path,
            Some(_) => Self::Host,
            None if before.is_empty() => Self::Start,
            None => Self::Path,
        }
    }
}

/// A server that callers choose, with the values of its variables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Server {
    chosen: Option<Chosen>,
    values: Vec<(String, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Chosen {
    Index(usize),
    Name(String),
}

impl Server {
    /// Chooses the server at a place in the document.
    pub fn at(index: usize) -> Self {
        Self { chosen: Some(Chosen::Index(index)), values: Vec::new() }
    }

    /// Sets the value of a variable.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let name = name.into();
        self.values.retain(|(had, _)| *had != name);
        self.values.push((name, value.into()));
    }

    /// Adds what another choice says, which takes precedence.
    pub(crate) fn extend(&mut self, other: Self) {
        self.chosen = other.chosen.or(self.chosen.take());
        for (name, value) in other.values {
            self.set(name, value);
        }
    }

    /// Returns the values of the variables.
    pub(crate) fn into_values(self) -> Vec<(String, String)> {
        self.values
    }

    /// Returns the chosen server.
    pub(crate) fn template(
        &self,
        servers: &'static [ServerTemplate],
    ) -> Result<Option<&'static ServerTemplate>, String> {
        let found = match &self.chosen {
            None => return Ok(servers.first()),
            Some(Chosen::Index(index)) => servers.get(*index),
            Some(Chosen::Name(name)) => servers.iter().find(|server| server.name == name || server.url == name),
        };
        let known = || servers.iter().map(|it| if it.name.is_empty() { it.url } else { it.name }).collect::<Vec<_>>();
        found.map(Some).ok_or_else(|| match known().as_slice() {
            [] => "the document has only one server, which needs no choice".to_owned(),
            known => format!("no server has this name; the document has `{}`", known.join("`, `")),
        })
    }
}

impl From<&str> for Server {
    fn from(name: &str) -> Self {
        Self::from(name.to_owned())
    }
}

impl From<String> for Server {
    fn from(name: String) -> Self {
        Self { chosen: Some(Chosen::Name(name)), values: Vec::new() }
    }
}
