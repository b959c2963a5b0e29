//! Calls all 19 operations through the generated client and prints what came of each.
//!
//! ```text
//! cargo run --example quickstart -p lowcodeapi-jasper             # on the embedded gateway, no token needed
//! cargo run --example quickstart -p lowcodeapi-jasper -- --live   # the read-only calls, on the real gateway
//! ```
//!
//! With `--live`, `LOWCODEAPI_TOKEN` holds the token.

use std::error::Error;

use lowcodeapi_jasper::{
    Client, Pending, Response, Upload,
    types::{CommandInputs, Granularity, KeepWritingInputType, KeepWritingInputs, TemplateInputs},
};
use lowcodeapi_jasper_spec::{DOCUMENT, OVERLAY};
use lowcodeapi_mock::{Gateway, Inputs, RecordedRequest, Source};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    if std::env::args().any(|argument| argument == "--live") {
        let mut table = Table::new(None);
        read_only(&Client::from_env()?, &mut table).await?;
        return Ok(());
    }
    let inputs = Inputs::new(Source { name: "spec/jasper.openapi.json", text: DOCUMENT })
        .overlay(Source { name: "spec/jasper.overlay.yaml", text: OVERLAY });
    let gateway = Gateway::builder(inputs).start().await?;
    println!("An embedded gateway answers at {}.\n", gateway.base_url());
    let client = Client::builder().token(lowcodeapi_mock::TOKEN).base_url(gateway.base_url()).build()?;
    let mut table = Table::new(Some(&gateway));
    generation(&client, &mut table).await?;
    knowledge(&client, &mut table).await?;
    tones(&client, &mut table).await?;
    read_only(&client, &mut table).await?;
    println!(
        "\n{} operations called; the gateway takes path parameters in its {:?} Format.",
        table.rows,
        client.url_format().ok_or("no format was settled")?
    );
    Ok(())
}

async fn generation(client: &Client, table: &mut Table<'_>) -> Result<(), Box<dyn Error>> {
    let command = client.run_command(CommandInputs::new("Write a haiku about rabbits"));
    let out = table.row("run_command", command.send_with_response()).await?;
    println!("{:>24}first text: {:?}", "", out.data.first().and_then(|text| text.text.as_deref()));

    table
        .row(
            "keep_writing",
            client
                .keep_writing(KeepWritingInputs::new(KeepWritingInputType::Text, "Once upon a time"))
                .send_with_response(),
        )
        .await?;
    table.row("apply_style", client.apply_style("sty_1", "Our product is good.").send_with_response()).await?;
    let inputs = TemplateInputs::new().additional_property("topic", "rabbits");
    table.row("run_template", client.run_template("skl_1", inputs).send_with_response()).await?;
    table.row("get_template", client.get_template("skl_1").send_with_response()).await?;

    let picture = Upload::from_bytes("rabbit.png", include_bytes!("rabbit.png").as_slice());
    let cut = table.row("remove_background", client.remove_background(picture).send_with_response()).await?;
    println!("{:>24}{} bytes, PNG: {}", "", cut.len(), cut.starts_with(b"\x89PNG"));
    Ok(())
}

async fn knowledge(client: &Client, table: &mut Table<'_>) -> Result<(), Box<dyn Error>> {
    let file = Upload::from_path(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/brand-book.md")).await?;
    let create = client.create_knowledge("Brand book", file).tags(["brand"]).metadata([("team", "marketing")]);
    let made = table.row("create_knowledge", create.send_with_response()).await?;
    let id = made.data.and_then(|item| item.id).ok_or("the created item has no id")?;

    table.row("get_knowledge", client.get_knowledge(&id).send_with_response()).await?;
    let update = client.update_knowledge(&id).name("Brand book, second edition");
    table.row("update_knowledge", update.send_with_response()).await?;
    table.row("delete_knowledge", client.delete_knowledge(&id).send_with_response()).await?;
    Ok(())
}

async fn tones(client: &Client, table: &mut Table<'_>) -> Result<(), Box<dyn Error>> {
    let made = table.row("create_tone", client.create_tone("Dry", "dry, short").send_with_response()).await?;
    let id = made.data.and_then(|tone| tone.id).ok_or("the created tone has no id")?;

    table.row("get_tone", client.get_tone(&id).send_with_response()).await?;
    table.row("update_tone", client.update_tone(&id).value("dry, shorter").send_with_response()).await?;
    table.row("delete_tone", client.delete_tone(&id).send_with_response()).await?;
    Ok(())
}

/// The calls that change nothing and cost nothing.
async fn read_only(client: &Client, table: &mut Table<'_>) -> Result<(), Box<dyn Error>> {
    table.row("list_knowledge", client.list_knowledge().size(50).send_with_response()).await?;
    table.row("list_styles", client.list_styles().send_with_response()).await?;
    table.row("list_templates", client.list_templates().send_with_response()).await?;
    table.row("list_tones", client.list_tones().page(1).send_with_response()).await?;
    let usage = client.get_usage("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", Granularity::Week);
    table.row("get_usage", usage.send_with_response()).await?;
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
        println!("{:<18} {:<6} {:<76} result", "operation", "status", "as the gateway saw it");
        Self { gateway, rows: 0 }
    }

    async fn row<T: std::fmt::Debug>(
        &mut self,
        operation: &str,
        call: Pending<Response<T>>,
    ) -> Result<T, lowcodeapi_jasper::Error> {
        let response = call.await?;
        let request = self.gateway.and_then(|gateway| gateway.requests().pop());
        let line = request.map_or_else(|| "(live)".to_owned(), |request| http_line(&request));
        println!("{operation:<18} {:<6} {line:<76} {}", response.status.as_u16(), glimpse(&response.value));
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

/// The beginning of a typed result; what is absent is left out.
fn glimpse(value: &impl std::fmt::Debug) -> String {
    let text = format!("{value:?}").replace("Some(", "(");
    let text: String = text.chars().take(60).collect();
    format!("{text}…")
}
