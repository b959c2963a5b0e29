//! Where credentials go and which variables hold them, as one document after another is generated with the same lock.

use lowcodeapi_codegen::{Config, Generated, Inputs, Pin, Source, generate};
use serde_json::{Value, json};

/// An API whose uploads go to another host, without a credential.
fn document() -> Value {
    let operation = |id: &str| json!({"operationId": id, "responses": {"204": {"description": "Done."}}});
    let mut upload = operation("upload");
    upload["servers"] = json!([{"url": "https://files.example"}]);
    upload["security"] = json!([]);
    json!({
        "openapi": "3.0.0", "info": {"title": "t", "version": "1"}, "servers": [{"url": "https://api.example"}],
        "security": [{"alpha": [], "beta": []}],
        "components": {"securitySchemes": {
            "alpha": {"type": "apiKey", "in": "header", "name": "X-A"},
            "beta": {"type": "apiKey", "in": "header", "name": "X-B"}}},
        "paths": {"/a": {"get": operation("a")}, "/upload": {"post": upload}},
    })
}

fn run(document: &Value, lock: Option<&str>, config: &Config) -> Generated {
    let text = document.to_string();
    let mut inputs = Inputs::new(Source { name: "d.json", text: &text });
    if let Some(text) = lock {
        inputs = inputs.lock(Source { name: "lock.json", text });
    }
    generate(&inputs, config)
}

fn lock_of(generated: &Generated) -> String {
    let output = generated.output.as_ref().unwrap_or_else(|| panic!("{:#?}", generated.diagnostics));
    output.lock.to_string()
}

/// The errors of a generation with the lock of the document as it was.
fn errors(changed: &Value, config: &Config) -> Vec<String> {
    let lock = lock_of(&run(&document(), None, &Config::default()));
    let generated = run(changed, Some(&lock), config);
    generated.diagnostics.iter().map(ToString::to_string).filter(|it| it.starts_with("error")).collect()
}

#[test]
fn a_credential_goes_to_no_other_server_of_the_document() {
    let mut sent = document();
    sent["paths"]["/upload"]["post"]["security"] = json!([{"alpha": []}]);
    let mut moved = document();
    moved["paths"]["/a"]["get"]["servers"] = json!([{"url": "https://files.example"}]);
    for (changed, count) in [(&sent, 1), (&moved, 2)] {
        let errors = errors(changed, &Config::default());
        assert_eq!(errors.len(), count, "{errors:#?}");
        let expected = "the credential of `alpha` would be sent to `https://files.example`; the lock sends it to \
                        `https://api.example` (help: if the API's operator has confirmed it, run the command with \
                        `--accept-credential alpha`)";
        assert!(errors[0].contains(expected), "{errors:#?}");
    }
    let accepting = Config::default().accept(Pin::Credential, Some("alpha".to_owned()));
    assert_eq!(errors(&sent, &accepting), [""; 0]);
}

#[test]
fn schemes_that_are_renamed_keep_their_variables() {
    let mut renamed = document();
    renamed["components"]["securitySchemes"] = json!({
        "Beta": {"type": "apiKey", "in": "header", "name": "X-A"},
        "Alpha": {"type": "apiKey", "in": "header", "name": "X-B"}});
    renamed["security"] = json!([{"Alpha": [], "Beta": []}]);
    let lock = lock_of(&run(&document(), None, &Config::default()));
    let lock: Value = serde_json::from_str(&lock_of(&run(&renamed, Some(&lock), &Config::default()))).unwrap();
    let credentials = &lock["connection"]["credentials"];
    assert_eq!(credentials["Beta"]["variable"], "T_CLIENT_ALPHA", "it is what is sent as `X-A`");
    assert_eq!(credentials["Alpha"]["variable"], "T_CLIENT_BETA");
}

#[test]
fn a_new_credential_is_not_read_from_the_variable_of_another() {
    let mut replaced = document();
    // Under the name of a variable that holds another secret.
    replaced["components"]["securitySchemes"] = json!({
        "alpha": {"type": "apiKey", "in": "header", "name": "X-A"},
        "Beta": {"type": "apiKey", "in": "query", "name": "b"}});
    replaced["security"] = json!([{"alpha": [], "Beta": []}]);
    let lock = lock_of(&run(&document(), None, &Config::default()));
    let accepting = Config::default().accept(Pin::Credential, Some("Beta".to_owned()));
    let lock: Value = serde_json::from_str(&lock_of(&run(&replaced, Some(&lock), &accepting))).unwrap();
    assert_eq!(lock["connection"]["credentials"]["Beta"]["variable"], "T_CLIENT_BETA_CREDENTIAL");
}

#[test]
fn an_authorization_parameter_hides_no_scheme_of_its_name() {
    let mut changed = document();
    let parameter = json!([{"name": "Authorization", "in": "header", "schema": {"type": "string"}}]);
    changed["paths"]["/upload"]["post"]["parameters"] = parameter;
    let lock = lock_of(&run(&changed, None, &Config::default()));
    changed["components"]["securitySchemes"]["Authorization"] = json!({"type": "apiKey", "in": "query", "name": "t"});
    changed["security"] = json!([{"alpha": [], "beta": [], "Authorization": []}]);
    let generated = run(&changed, Some(&lock), &Config::default());
    let lines: Vec<_> = generated.diagnostics.iter().map(ToString::to_string).collect();
    let expected = "the credential of `Authorization` would be sent as `query t`; the lock has `header authorization`";
    assert!(lines.iter().any(|line| line.contains(expected)), "{lines:#?}");
}

#[test]
fn a_title_names_no_secret_of_other_clients() {
    let mut changed = document();
    changed["info"]["title"] = "ARM".into();
    changed["components"]["securitySchemes"] = json!({
        "secret": {"type": "apiKey", "in": "header", "name": "X-A"},
        "other": {"type": "apiKey", "in": "header", "name": "X-B"}});
    changed["security"] = json!([{"secret": [], "other": []}]);
    let lock: Value = serde_json::from_str(&lock_of(&run(&changed, None, &Config::default()))).unwrap();
    let credentials = &lock["connection"]["credentials"];
    assert_eq!(credentials["secret"]["variable"], "ARM_CLIENT_SECRET_CREDENTIAL");
    assert_eq!(credentials["other"]["variable"], "ARM_CLIENT_OTHER");
}

#[test]
fn the_token_of_the_gateway_is_for_it_alone() {
    let mut single = document();
    single["security"] = json!([{"alpha": []}]);
    let generated = run(&single, None, &Config::default().name("lowcodeapi"));
    let lines: Vec<_> = generated.diagnostics.iter().map(ToString::to_string).collect();
    assert!(lines.iter().any(|it| it.contains("foreign-variable") && it.contains("`LOWCODEAPI_TOKEN`")), "{lines:#?}");
    assert!(generated.output.is_none(), "{lines:#?}");
}

#[test]
fn secrets_of_oauth_clients_go_to_no_other_url() {
    let flow = |token: &str, refresh: &str| {
        json!({"type": "oauth2", "flows": {"authorizationCode": {
            "authorizationUrl": "https://auth.example", "tokenUrl": token, "refreshUrl": refresh, "scopes": {}}}})
    };
    let with = |scheme: Value| {
        let mut document = document();
        document["components"]["securitySchemes"]["alpha"] = scheme;
        document
    };
    let (token, refresh) = ("https://auth.example/token", "https://auth.example/refresh");
    let lock = lock_of(&run(&with(flow(token, refresh)), None, &Config::default()));
    let found = |document: &Value, config: &Config| {
        let generated = run(document, Some(&lock), config);
        generated.diagnostics.iter().map(ToString::to_string).filter(|it| it.starts_with("error")).collect::<Vec<_>>()
    };
    assert_eq!(found(&with(flow(token, refresh)), &Config::default()), [""; 0]);
    for moved in [flow("https://evil.example/token", refresh), flow(token, "/refresh")] {
        let errors = found(&with(moved.clone()), &Config::default());
        let expected = "the secrets of OAuth clients of `alpha` would be sent to ";
        assert!(errors.len() == 1 && errors[0].contains(expected), "{errors:#?}");
        let accepting = Config::default().accept(Pin::Credential, Some("alpha".to_owned()));
        assert_eq!(found(&with(moved), &accepting), [""; 0]);
    }
}

#[test]
fn a_server_that_callers_choose_is_pinned_too() {
    let mut before = document();
    before["servers"] = json!([{"url": "https://api.example"}, {"url": "https://{region}.api.example"}]);
    let lock = lock_of(&run(&before, None, &Config::default()));
    let mut moved = before.clone();
    moved["servers"][1]["url"] = json!("https://{region}.evil.example");
    let found = |document: &Value, config: &Config| {
        let generated = run(document, Some(&lock), config);
        generated.diagnostics.iter().map(ToString::to_string).filter(|it| it.starts_with("error")).collect::<Vec<_>>()
    };
    assert_eq!(found(&before, &Config::default()), [""; 0]);
    let errors = found(&moved, &Config::default());
    assert!(
        errors.len() == 1 && errors[0].contains("callers could choose the server `https://{region}.evil"),
        "{errors:#?}"
    );
    let accepting = Config::default().accept(Pin::Origin, Some("https://{region}.evil.example".to_owned()));
    assert_eq!(found(&moved, &accepting), [""; 0]);
}
