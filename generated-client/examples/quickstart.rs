//! Calls all 19 operations through the generated client and prints what came of each.
//!
//! ```text
//! cargo run --example quickstart -p lowcodeapi-jasper             # on the embedded gateway, no token needed
//! cargo run --example quickstart -p lowcodeapi-jasper -- --live   # the read-only calls, on the real gateway
//! ```
//!
//! With `--live`, `LOWCODEAPI_TOKEN` holds the token.

use std::{error::Error, process::ExitCode};

use lowcodeapi_jasper::{
    Bytes, Client, Pending, Response, Upload,
    types::{
        CommandInputs, CommandResponse, Granularity, KeepWritingInputType, KeepWritingInputs, KnowledgeList,
        KnowledgeResponse, TemplateInputs, ToneResponse, UsageResponse,
    },
};
use lowcodeapi_jasper_spec::{DOCUMENT, OVERLAY};
use lowcodeapi_mock::{Gateway, Inputs, RecordedRequest, Source};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    if std::env::args().any(|argument| argument == "--live") {
        let client = Client::from_env()?;
        read(&client, &mut Table::new(None)).await?;
        return Ok(());
    }
    let inputs = Inputs::new(Source { name: "spec/jasper.openapi.json", text: DOCUMENT })
        .overlay(Source { name: "spec/jasper.overlay.yaml", text: OVERLAY });
    let gateway = Gateway::builder(inputs).start().await?;
    println!("An embedded gateway answers at {}.\n", gateway.base_url());
    let client = Client::builder().token(lowcodeapi_mock::TOKEN).base_url(gateway.base_url()).build()?;
    let mut table = Table::new(Some(&gateway));
    generate(&client, &mut table).await?;
    let item = make_knowledge(&client, &mut table).await?;
    let tone = make_tone(&client, &mut table).await?;
    read(&client, &mut table).await?;
    let deleted = client.delete_knowledge(&item).send_with_response();
    table.row("delete_knowledge", deleted, |it| format!("deleted: {}", it.deleted)).await?;
    let deleted = client.delete_tone(&tone).send_with_response();
    table.row("delete_tone", deleted, |it| format!("deleted: {}", it.deleted)).await?;
    let format = client.url_format().ok_or("no call has settled the URL format")?;
    println!("\n{} operations called; the gateway takes path parameters in its {format:?} Format.", table.rows);
    Ok(())
}

async fn generate(client: &Client, table: &mut Table<'_>) -> Result<(), Box<dyn Error>> {
    let texts = |out: &CommandResponse| {
        format!("{} text(s), first: {:?}", out.data.len(), out.data.first().and_then(|it| it.text.as_deref()))
    };
    let command = client.run_command(CommandInputs::new("Write a haiku about rabbits"));
    table.row("run_command", command.send_with_response(), texts).await?;
    let inputs = KeepWritingInputs::new(KeepWritingInputType::Text, "Once upon a time");
    table.row("keep_writing", client.keep_writing(inputs).send_with_response(), texts).await?;
    let inputs = TemplateInputs::new().additional_property("topic", "rabbits");
    table.row("run_template", client.run_template("skl_1", inputs).send_with_response(), texts).await?;

    let template = client.get_template("skl_1").send_with_response();
    table.row("get_template", template, |it| format!("name: {:?}", it.data.name.as_deref())).await?;
    let styled = client.apply_style("sty_1", "Our product is good.").send_with_response();
    table.row("apply_style", styled, |value| format!("any JSON value: {value}")).await?;
    let picture = Upload::from_bytes("rabbit.png", include_bytes!("rabbit.png").as_slice());
    let cut = client.remove_background(picture).send_with_response();
    let png = |bytes: &Bytes| format!("{} bytes, a PNG: {}", bytes.len(), bytes.starts_with(b"\x89PNG"));
    table.row("remove_background", cut, png).await?;
    Ok(())
}

/// Makes a knowledge item, reads and changes it, and gives its ID.
async fn make_knowledge(client: &Client, table: &mut Table<'_>) -> Result<String, Box<dyn Error>> {
    let named = |it: &KnowledgeResponse| {
        let item = it.data.as_ref();
        format!("id: {:?}, name: {:?}", item.and_then(|it| it.id.as_deref()), item.map(|it| it.name.as_str()))
    };
    let file = Upload::from_path(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/brand-book.md")).await?;
    let create = client.create_knowledge("Brand book", file).tags(["brand"]).metadata([("team", "marketing")]);
    let made = table.row("create_knowledge", create.send_with_response(), named).await?;
    let id = made.data.and_then(|item| item.id).ok_or("the created item has no id")?;
    table.row("get_knowledge", client.get_knowledge(&id).send_with_response(), named).await?;
    let update = client.update_knowledge(&id).name("Brand book, second edition");
    table.row("update_knowledge", update.send_with_response(), named).await?;
    Ok(id)
}

/// Makes a tone, reads and changes it, and gives its ID.
async fn make_tone(client: &Client, table: &mut Table<'_>) -> Result<String, Box<dyn Error>> {
    let named = |it: &ToneResponse| {
        let tone = it.data.as_ref();
        format!("id: {:?}, value: {:?}", tone.and_then(|it| it.id.as_deref()), tone.map(|it| it.value.as_str()))
    };
    let made = table.row("create_tone", client.create_tone("Dry", "dry, short").send_with_response(), named).await?;
    let id = made.data.and_then(|tone| tone.id).ok_or("the created tone has no id")?;
    table.row("get_tone", client.get_tone(&id).send_with_response(), named).await?;
    let update = client.update_tone(&id).value("dry, shorter");
    table.row("update_tone", update.send_with_response(), named).await?;
    Ok(id)
}

/// The calls that change nothing and cost nothing.
async fn read(client: &Client, table: &mut Table<'_>) -> Result<(), Box<dyn Error>> {
    let list = client.list_knowledge().size(50).send_with_response();
    let total = |it: &KnowledgeList| it.pagination.as_ref().map(|it| it.total_records);
    table.row("list_knowledge", list, |it| format!("{} of {:?} item(s)", it.data.len(), total(it))).await?;
    let list = client.list_styles().send_with_response();
    table.row("list_styles", list, |it| format!("{} style guide(s)", it.data.len())).await?;
    let list = client.list_templates().send_with_response();
    table.row("list_templates", list, |it| format!("{} template(s)", it.data.len())).await?;
    let list = client.list_tones().page(1).send_with_response();
    table.row("list_tones", list, |it| format!("{} tone(s)", it.data.len())).await?;
    let usage = client.get_usage("2026-01-01", "2026-02-01", Granularity::Week).send_with_response();
    let points = |it: &UsageResponse| it.data.as_ref().map_or(0, |it| it.requests.len());
    table.row("get_usage", usage, |it| format!("{} bucket(s)", points(it))).await?;
    Ok(())
}

/// Prints a row a call.
struct Table<'g> {
    /// Whose log the HTTP lines are read from.
    gateway: Option<&'g Gateway>,
    rows: usize,
}

impl<'g> Table<'g> {
    fn new(gateway: Option<&'g Gateway>) -> Self {
        println!("{:<18} {:<6} {:<86} result", "operation", "status", "as the gateway saw it");
        Self { gateway, rows: 0 }
    }

    async fn row<T>(
        &mut self,
        operation: &str,
        call: Pending<Response<T>>,
        glimpse: impl Fn(&T) -> String,
    ) -> Result<T, lowcodeapi_jasper::Error> {
        let response = call.await?;
        let request = self.gateway.and_then(|gateway| gateway.requests().pop());
        let line = request.map_or_else(|| "(live)".to_owned(), |request| http_line(&request));
        println!("{operation:<18} {:<6} {line:<86} {}", response.status.as_u16(), glimpse(&response.value));
        self.rows += 1;
        Ok(response.into_value())
    }
}

/// The request line without the token, and what kind of body came with it.
fn http_line(request: &RecordedRequest) -> String {
    let query: Vec<String> = request
        .query
        .iter()
        .map(|(name, value)| if name == "api_token" { format!("{name}=…") } else { format!("{name}={value}") })
        .collect();
    let body = request.header("content-type").map(|it| it.split(';').next().unwrap_or_default());
    let body = body.map(|body| format!(" ({body})")).unwrap_or_default();
    format!("{} {}?{}{body}", request.method, request.path, query.join("&"))
}
