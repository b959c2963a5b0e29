//! Formats a request as a `curl` command for a POSIX shell. No part of the request is interpreted as a pattern, option,
//! file name or command, except for the files that it uploads.

use std::fmt::Write as _;

use reqwest::{
    Request,
    header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName},
};

use crate::{
    call::{
        body::Body,
        multipart::{Part, PartContent, Parts},
        upload::Upload,
    },
    http::media_type,
    shown::{
        one_line::is_unseen,
        redact::{self, Piece, Secrets},
        view::{is_shown, view_name},
    },
};

/// Formats a request. Credentials and values that are not shown are replaced by environment variables.
/// With `gzip`, the shell compresses the body; curl cannot compress a form of parts, which it sends as it is.
pub(crate) fn curl(request: &Request, headers: &HeaderMap, body: &Body, gzip: bool, secrets: &Secrets) -> String {
    let mut line = Line { out: String::new(), secrets };
    let is_piped = gzip && line.compressed(body);
    line.out.push_str("curl --globoff --request ");
    line.word(request.method().as_str());
    line.argument(None, request.url().as_str());
    line.headers(headers, body);
    if is_piped {
        line.argument(Some("--data-binary"), "@-");
    } else {
        line.body(body);
    }
    line.out
}

struct Line<'s> {
    out: String,
    secrets: &'s Secrets,
}

impl Line<'_> {
    /// Writes the command that compresses the body, if there is one.
    fn compressed(&mut self, body: &Body) -> bool {
        if let Body::File(upload) = body {
            self.out.push_str("gzip --stdout");
            self.argument(None, &path(upload));
        } else if let Some(text) = body.text() {
            self.out.push_str("printf %s ");
            self.quote(&text);
            self.out.push_str(" | gzip --stdout");
        } else {
            return false;
        }
        self.out.push_str(" | ");
        true
    }

    /// Writes a word, quoted if necessary.
    fn word(&mut self, text: &str) {
        if text.chars().all(|c| c.is_ascii_alphanumeric()) { self.out.push_str(text) } else { self.quote(text) }
    }

    /// Writes an argument, after an option if there is one.
    fn argument(&mut self, option: Option<&str>, text: &str) {
        self.option(option);
        self.quote(text);
    }

    fn option(&mut self, option: Option<&str>) {
        if let Some(option) = option {
            self.out.extend([" ", option]);
        }
        self.out.push(' ');
    }

    /// Writes text in single quotes, with a variable in place of each credential.
    fn quote(&mut self, text: &str) {
        self.out.push('\'');
        for piece in self.secrets.pieces(text) {
            match piece {
                Piece::Text(text) => self.quoted(text),
                Piece::Secret(expression) => self
                    .unquoted(&expression.map_or_else(|| "[redacted]".to_owned(), |expression| expression.to_string())),
            }
        }
        self.out.push('\'');
    }

    /// Writes text inside of quotes.
    fn quoted(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '\'' => self.out.push_str(r"'\''"),
                '\n' | '\t' => self.out.push(c),
                // A terminal would act on the character when the command is pasted.
                _ if is_unseen(c) => {
                    let mut bytes = String::new();
                    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                        // Writing to a string cannot fail.
                        let _ = write!(bytes, "\\{byte:03o}");
                    }
                    self.unquoted(&format!("$(printf '{bytes}')"));
                }
                _ => self.out.push(c),
            }
        }
    }

    /// Writes an expression for the shell to expand, outside of the surrounding quotes.
    fn unquoted(&mut self, expression: &str) {
        let _ = write!(self.out, "'\"{expression}\"'");
    }

    fn headers(&mut self, headers: &HeaderMap, body: &Body) {
        for (name, value) in headers {
            // curl sets these itself.
            let is_of_parts = [CONTENT_TYPE, CONTENT_ENCODING].contains(name) && matches!(body, Body::Parts(_));
            if *name == CONTENT_LENGTH || is_of_parts {
                continue;
            }
            let name = &view_name(name, self.secrets);
            let text = String::from_utf8_lossy(value.as_bytes());
            if *name == AUTHORIZATION
                && let Some(user) = text.strip_prefix("Basic ").and_then(|rest| self.secrets.variable_of(rest))
            {
                // The variable holds `user:password`, which curl encodes.
                let _ = write!(self.out, " --user \"${user}\"");
            } else if text.is_empty() {
                self.argument(Some("--header"), &format!("{name};"));
            } else {
                self.option(Some("--header"));
                self.header(name, &text, is_shown(name) && !value.is_sensitive());
            }
        }
    }

    fn header(&mut self, name: &HeaderName, value: &str, is_shown: bool) {
        if is_shown {
            return self.quote(&format!("{name}: {value}"));
        }
        self.out.push('\'');
        self.quoted(&format!("{name}: "));
        if *name == COOKIE {
            for (index, pair) in value.split("; ").enumerate() {
                let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                self.quoted(if index == 0 { "" } else { "; " });
                let key = redact::scrub(key, self.secrets);
                self.quoted(&format!("{key}="));
                self.hidden("COOKIE", &key, value);
            }
        } else {
            self.hidden("HEADER", name.as_str(), value);
        }
        self.out.push('\'');
    }

    /// Writes a value that is not shown: the variable of a credential, or one named after the header or cookie.
    fn hidden(&mut self, kind: &str, name: &str, value: &str) {
        let pieces = self.secrets.pieces(value);
        match pieces.as_slice() {
            [Piece::Secret(Some(expression))] => self.unquoted(&expression.to_string()),
            // The text is a scheme, such as `Bearer`.
            [Piece::Text(scheme), Piece::Secret(Some(expression))] if scheme.ends_with(' ') => {
                self.quoted(scheme);
                self.unquoted(&expression.to_string());
            }
            _ => {
                let upper = name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' });
                self.unquoted(&format!("${kind}_{}", upper.collect::<String>()));
            }
        }
    }

    fn body(&mut self, body: &Body) {
        match body {
            Body::None => {}
            Body::JsonFields { .. } | Body::Whole { .. } | Body::Fields(_) => match body.text() {
                Some(text) => self.argument(Some("--data-raw"), &text),
                None => self.argument(Some("--data-binary"), "@body"),
            },
            Body::File(upload) => self.argument(Some("--data-binary"), &format!("@{}", path(upload))),
            Body::Parts(parts) => self.parts(parts),
        }
    }

    fn parts(&mut self, parts: &Parts) {
        if parts.items.is_empty() {
            // curl sends no form without parts: the end is all that there is of one.
            let media_type = parts.content_type(Some("end"));
            self.argument(Some("--header"), &format!("{CONTENT_TYPE}: {media_type}"));
            self.argument(Some("--data-raw"), "--end--");
        } else if !parts.is_form() {
            // curl adds the boundary.
            let media_type = parts.content_type(None);
            self.argument(Some("--header"), &format!("{CONTENT_TYPE}: {media_type}"));
        }
        parts.items.iter().for_each(|part| self.part(parts, part));
    }

    fn part(&mut self, parts: &Parts, part: &Part) {
        // Outside of forms, curl would write another disposition for a name.
        let (name, names) = if parts.is_form() { (&*part.name, Vec::new()) } else { ("", parts.names(part, None)) };
        // curl would read the text after an equals sign as a value, and as a file name if it begins with `@`.
        let name = name.replace('=', "%3D").replace('\0', "%00");
        let media_type = parts.type_of(part);
        let (shown, hidden): (Vec<_>, Vec<_>) = parts.headers_of(part).partition(|(key, _)| is_shown(key));
        let mut form = match &part.content {
            PartContent::Text { text, .. } if media_type.is_none() && shown.is_empty() && hidden.is_empty() => {
                return self.argument(Some("--form-string"), &format!("{name}={}", text.replace('\0', "")));
            }
            PartContent::Text { text, .. } => format!("{name}={}", escaped(text)),
            PartContent::File(upload) => format!("{name}=@{}", escaped(&path(upload))),
        };
        form.extend(media_type.map(type_of));
        form.extend(part.content.file().map(|upload| format!(";filename={}", escaped(upload.file_name()))));
        let shown = shown.into_iter().map(|(key, value)| (key.as_str(), value.to_owned()));
        for (key, value) in names.into_iter().chain(shown) {
            form.extend([";headers=", &escaped(&format!("{key}: {value}"))]);
        }
        self.argument(Some("--form"), &form);
        for (key, value) in hidden {
            let key = view_name(key, self.secrets);
            self.out.push('\'');
            self.quoted(&format!(";headers=\"{key}: "));
            self.hidden("HEADER", key.as_str(), value);
            self.out.push_str("\"'");
        }
    }
}

/// Returns the path of an upload's content: its own file, or a file of its name in the current folder. The name may
/// come from a third party, so it must not lead to another folder.
fn path(upload: &Upload) -> String {
    let path = match upload.path() {
        Some(path) => path.display().to_string(),
        None => upload.file_name().rsplit(['/', '\\']).next().unwrap_or_default().to_owned(),
    };
    // A single hyphen would be standard input.
    if path.starts_with('-') { format!("./{path}") } else { path }
}

/// Returns the media type of a part for `--form`, without parameters that curl would read as its own.
fn type_of(media_type: &str) -> String {
    let is_plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "/.+-_*".contains(c));
    let essence = media_type::essence(media_type);
    if !is_plain(&essence) {
        return String::new();
    }
    let charset = media_type.split_once(';').map(|(_, rest)| rest.trim().to_ascii_lowercase());
    match charset.as_deref().and_then(|rest| rest.strip_prefix("charset=")).filter(|charset| is_plain(charset)) {
        Some(charset) => format!(";type={essence}; charset={charset}"),
        None => format!(";type={essence}"),
    }
}

/// Quotes a value for `--form`, so that curl does not interpret `;` and `@` in it.
fn escaped(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', r"\\").replace('"', r#"\""#).replace('\0', ""))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::process::Command;

    use reqwest::Method;

    use super::*;
    use crate::{
        call::{
            Call,
            operation::{Described, Operation},
        },
        client::{
            Client,
            builder::ClientBuilder,
            service::{Auth, Scheme, Service},
        },
    };

    static SERVICE: Service = Service::new("https://api.example", "TEST")
        .schemes(&[
            Scheme::new("key", "TEST_KEY", Auth::Query("key")),
            Scheme::new("user", "TEST_USER", Auth::Basic),
            Scheme::new("sid", "TEST_SID", Auth::Cookie("sid")),
        ])
        .security(&[&["key", "user", "sid"]]);
    static JSON: Operation = Operation::new(Method::POST, "/v1/{id}").json();
    static PARTS: Operation = Operation::new(Method::POST, "/v1/parts").multipart();
    static RELATED: Operation = Operation::new(Method::POST, "/v1").multipart().content_type("multipart/related");
    static REQUIRED: Operation = Operation::new(Method::POST, "/v1").multipart().required_body();

    fn client() -> Client {
        let mut credentials = crate::client::credential::Credentials::new();
        credentials.set("key", "k-secret");
        credentials.set("user", "me:pass-secret");
        credentials.set("sid", "s-secret");
        ClientBuilder::new(&SERVICE).credentials(credentials).build().unwrap()
    }

    /// Returns the arguments of the command as a shell parses it.
    fn arguments(call: &Call) -> Vec<String> {
        let line = call.dry_run().unwrap().curl().to_owned();
        assert!(!line.contains("secret"), "{line}");
        let script = format!("curl() {{ printf '%s\\0' \"$@\"; }}\n{line}");
        let mut shell = Command::new("sh");
        shell.env("TEST_KEY", "k-secret").env("TEST_USER", "me:pass-secret").env("TEST_SID", "s-secret");
        shell.env("HEADER_X_TEAM", "blue").env("COOKIE_THEME", "dark");
        let output = shell.arg("-c").arg(script).output().unwrap();
        assert!(output.stderr.is_empty(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        text.split_terminator('\0').map(str::to_owned).collect()
    }

    /// Returns the arguments that follow an option.
    fn after<'a>(arguments: &'a [String], option: &str) -> Vec<&'a str> {
        arguments.windows(2).filter(|pair| pair[0] == option).map(|pair| pair[1].as_str()).collect()
    }

    const HOSTILE: &[&str] = &[
        "it's \"quoted\" \\ and `id` $(id) $HOME ${HOME} !! !$ ~ * ? # & ; | < >",
        "two\nlines\r\nand\ttabs",
        "\u{1b}]0;title\u{7}\u{202e}txt.exe",
        "@/etc/passwd",
        "</etc/passwd",
        "-o/tmp/x",
        "a[1-3]{b,c}",
        "x;type=text/html;headers=@/etc/passwd",
        "[redacted]",
    ];

    #[test]
    fn a_shell_reads_every_value_as_it_is() {
        for hostile in HOSTILE {
            let mut call = Call::new(&client(), &JSON);
            call.path("id", *hostile);
            call.query("q", *hostile);
            call.json_field("text", hostile);
            let read = arguments(&call);
            assert_eq!(&read[..3], ["--globoff", "--request", "POST"]);
            assert!(
                read[3].starts_with("https://api.example/v1/") && read[3].ends_with("&key=k-secret"),
                "{}",
                read[3]
            );
            let body: serde_json::Value = serde_json::from_str(after(&read, "--data-raw")[0]).unwrap();
            assert_eq!(body["text"], *hostile);

            let mut call = Call::new(&client(), &PARTS);
            call.text_part("text", *hostile);
            call.file_part("file", Upload::from_bytes(*hostile, "x"));
            call.json_part("json", serde_json::json!([hostile]));
            let read = arguments(&call);
            assert_eq!(after(&read, "--form-string")[0], format!("text={hostile}"));
            let forms = after(&read, "--form");
            assert!(forms[0].starts_with("file=@\"") && !forms[0].contains("@\"/"), "{forms:?}");
            assert!(forms[1].starts_with("json=\"[") && forms[1].ends_with("]\";type=application/json"), "{forms:?}");
        }
    }

    #[test]
    fn a_variable_stands_for_what_is_not_shown_and_for_nothing_else() {
        let mut call = Call::new(&client(), &JSON);
        call.path("id", "1");
        call.header("x-team", "hidden");
        call.header("x-empty", "");
        call.cookie("theme", "hidden");
        call.json_field("text", "[redacted] k-secret pass-secret");
        let read = arguments(&call);
        let headers = after(&read, "--header");
        assert!(headers.contains(&"x-team: blue") && headers.contains(&"x-empty;"), "{headers:?}");
        assert!(headers.contains(&"cookie: theme=dark; sid=s-secret"), "{headers:?}");
        assert_eq!(after(&read, "--user"), ["me:pass-secret"]);
        assert_eq!(after(&read, "--data-raw"), [r#"{"text":"[redacted] k-secret pass-secret"}"#]);
        assert!(!call.dry_run().unwrap().curl().contains("hidden"));
    }

    #[test]
    fn no_name_and_no_refusal_tells_a_secret() {
        let mut call = Call::new(&client(), &JSON);
        call.path("id", "1");
        call.header("x-PASS-secret", "1");
        call.header("x-pass%2Dsecret", "1");
        assert!(!format!("{call:?}").contains("secret"), "{call:?}");
        call.cookie("k-secret", "1");
        let line = call.dry_run().unwrap().curl().to_ascii_lowercase();
        assert!(line.contains("redacted") && !line.contains("secret"), "{line}");
        for path in ["v1/k-secret", "/v1#key=k%2Dsecret"] {
            let error = client().raw_request(Method::GET, path).dry_run().unwrap_err();
            assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
        }
        let error = client().raw_request(Method::GET, "/").header("x k-secret", "1").dry_run().unwrap_err();
        assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
        let error = client().raw_request(Method::GET, "/").body("k-secret\n", "x").dry_run().unwrap_err();
        assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
    }

    #[test]
    fn parts_have_their_headers_in_every_kind_of_body() {
        let mut call = Call::new(&client(), &PARTS);
        call.text_part("text", "x");
        call.set_part_header("text", "content-language", "en;\"q\"");
        call.set_part_header("text", "x-team", "hidden");
        let read = arguments(&call);
        let expected = r#"text="x";headers="content-language: en;\"q\"";headers="x-team: blue""#;
        assert_eq!(after(&read, "--form"), [expected]);
        let body = call.dry_run().unwrap().body.unwrap();
        assert_eq!(body, r#"text [content-language: en;"q", x-team: [redacted]]=x"#);

        let mut call = Call::new(&client(), &RELATED);
        call.json_part("a=b", serde_json::json!([1]));
        let read = arguments(&call);
        assert!(after(&read, "--header").contains(&r#"content-type: multipart/related; type="application/json""#));
        let expected = r#"="[1]";type=application/json;headers="Content-Disposition: form-data; name=\"a=b\"";headers="Content-ID: <a%3Db>""#;
        assert_eq!(after(&read, "--form"), [expected]);

        let read = arguments(&Call::new(&client(), &REQUIRED));
        assert!(after(&read, "--header").contains(&"content-type: multipart/form-data; boundary=end"));
        assert_eq!(after(&read, "--data-raw"), ["--end--"]);
    }

    #[test]
    fn a_name_or_a_media_type_of_the_document_reads_no_file() {
        let mut call = Call::new(&client(), &PARTS);
        call.typed_part("a=@/etc/passwd;b", "text/plain;headers=@/etc/passwd", "x");
        call.typed_part("c", "text/csv; charset=utf-8", "x");
        let read = arguments(&call);
        let forms = after(&read, "--form");
        assert_eq!(forms, ["a%3D@/etc/passwd;b=\"x\";type=text/plain", "c=\"x\";type=text/csv; charset=utf-8"]);

        let odd = Operation::new(Method::from_bytes(b"GET'`id`").unwrap(), "/");
        let call = Call::of(&client(), Described::Own(Box::new(odd)));
        assert_eq!(arguments(&call)[2], "GET'`id`");
    }
}
