//! A small API for tests: its client and its operations, written by hand as the generator writes them.

mod commands;
pub(crate) mod server;

use std::time::Duration;

use lowcodeapi_runtime::{
    __private::{self, Auth, Call, Operation as Wire, Pagination, Scheme, Service, count, items},
    ClientBuilder, Error, RateLimit,
    catalogue::{
        Catalogue, Credential, Declared, Described, Form, Input, Inputs, Messages, Operation, Outcome, Pages, Place,
        Prepared,
    },
};
use serde_json::Value;

pub(crate) use self::commands::COMMANDS;

static SERVICE: Service = Service::new("https://notes.example/api", "NOTES")
    .schemes(&[Scheme::new("token", "NOTES_TOKEN", Auth::Bearer)])
    .security(&[&["token"]])
    .rate_limits(&LIMITS);

static LIMITS: [RateLimit; 1] = [RateLimit::new("notes", 60, Duration::from_secs(60))];

/// The client of the API.
#[derive(Debug, Clone)]
pub(crate) struct Client(__private::Client);

impl From<__private::Client> for Client {
    fn from(inner: __private::Client) -> Self {
        Self(inner)
    }
}

impl Described for Client {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;

    fn builder() -> ClientBuilder<Self> {
        ClientBuilder::new(&SERVICE)
    }

    fn prepare(&self, operation: &str, mut inputs: Inputs) -> Result<Prepared, Error> {
        let inputs = &mut inputs;
        let prepared = match operation {
            "list_notes" => self.list_notes(inputs)?,
            "get_note" => self.get_note(inputs)?,
            "create_note" => self.create_note(inputs)?,
            "delete_note" => self.delete_note(inputs)?,
            "upload_file" => self.upload_file(inputs)?,
            "get_file" => self.get_file(inputs)?,
            "summary" => self.summary(),
            "ask" => self.ask(inputs)?,
            // Only an input can be refused from outside the runtime.
            _ => {
                inputs.set(operation, Value::Null);
                return std::mem::take(inputs).finish().and(Ok(self.summary()));
            }
        };
        std::mem::take(inputs).finish()?;
        Ok(prepared)
    }
}

impl Client {
    fn list_notes(&self, inputs: &mut Inputs) -> Result<Prepared, Error> {
        static WIRE: Wire = Wire::get("/notes").rate_limit("notes");
        let mut call = Call::new(&self.0, &WIRE);
        if let Some(page) = inputs.optional::<i64>("page")? {
            call.query("page", page.to_string());
        }
        if let Some(size) = inputs.optional::<i64>("size")? {
            call.query("size", size.to_string());
        }
        if let Some(sort) = inputs.optional::<String>("sort")? {
            call.query("sort", sort);
        }
        Ok(Prepared::new(&LIST_NOTES, call))
    }

    fn get_note(&self, inputs: &mut Inputs) -> Result<Prepared, Error> {
        static WIRE: Wire = Wire::get("/notes/{note_id}").rate_limit("notes");
        let mut call = Call::new(&self.0, &WIRE);
        call.path("note_id", inputs.required::<String>("note_id")?);
        Ok(Prepared::new(&GET_NOTE, call))
    }

    fn create_note(&self, inputs: &mut Inputs) -> Result<Prepared, Error> {
        static WIRE: Wire = Wire::post("/notes").json();
        let mut call = Call::new(&self.0, &WIRE);
        call.json_field("title", inputs.required::<String>("title")?);
        for input in &CREATE_NOTE.inputs[1..] {
            if let Some(value) = inputs.optional::<Value>(input.name)? {
                call.json_field(input.wire, value);
            }
        }
        Ok(Prepared::new(&CREATE_NOTE, call))
    }

    fn delete_note(&self, inputs: &mut Inputs) -> Result<Prepared, Error> {
        static WIRE: Wire = Wire::delete("/notes/{note_id}");
        let mut call = Call::new(&self.0, &WIRE);
        call.path("note_id", inputs.required::<String>("note_id")?);
        Ok(Prepared::new(&DELETE_NOTE, call))
    }

    fn upload_file(&self, inputs: &mut Inputs) -> Result<Prepared, Error> {
        static WIRE: Wire = Wire::post("/files").multipart();
        let mut call = Call::new(&self.0, &WIRE);
        call.text_part("name", inputs.required::<String>("name")?);
        call.file_part("file", inputs.required_file("file")?);
        Ok(Prepared::new(&UPLOAD_FILE, call))
    }

    fn get_file(&self, inputs: &mut Inputs) -> Result<Prepared, Error> {
        static WIRE: Wire = Wire::get("/files/{file_id}").accept("image/png");
        let mut call = Call::new(&self.0, &WIRE);
        call.path("file_id", inputs.required::<String>("file_id")?);
        Ok(Prepared::new(&GET_FILE, call))
    }

    fn summary(&self) -> Prepared {
        static WIRE: Wire = Wire::get("/summary").accept("text/plain");
        Prepared::new(&SUMMARY, Call::new(&self.0, &WIRE))
    }

    fn ask(&self, inputs: &mut Inputs) -> Result<Prepared, Error> {
        static WIRE: Wire = Wire::post("/ask");
        let mut call = Call::new(&self.0, &WIRE);
        call.json_body(inputs.required::<Value>("question")?);
        Ok(Prepared::new(&ASK, call))
    }
}

/// The operations of the API.
pub(crate) static CATALOGUE: Catalogue = Catalogue::new(
    "notes-client",
    "Notes",
    "https://notes.example/api",
    "NOTES",
    &[&LIST_NOTES, &GET_NOTE, &CREATE_NOTE, &DELETE_NOTE, &UPLOAD_FILE, &GET_FILE, &SUMMARY, &ASK],
)
.description("Keeps notes and files.")
.credentials(&[Credential::new("token", "NOTES_TOKEN", "In the header `Authorization`, as a bearer token.")])
.rate_limits(&LIMITS)
.schemas(&[
    (
        "Author",
        r#"{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}},"required":["name"]}"#,
    ),
    (
        "Note",
        r##"{"type":"object","properties":{"id":{"type":"string"},"title":{"type":"string"},"author":{"$ref":"#/$defs/Author"}}}"##,
    ),
]);

const TOKEN: &[&[&str]] = &[&["token"]];
const JSON: &[&str] = &["application/json"];
const NOTE: Outcome = Outcome::json(r##"{"$ref":"#/$defs/Note"}"##, None).status("200").accept(JSON);
const NOTE_ID: Input =
    Input::new("note_id", "note_id", Place::Path, r#"{"type":"string"}"#).description("The ID of the note.").required();

static PAGES: Pagination<Value, Value> = Pagination::<Value, Value>::new("page", 1, |page| items(page, &["data"]))
    .size("size", Some(10))
    .size_given(|page| count(page, &["size"]))
    .total(|page| count(page, &["total"]));

static LIST_NOTES: Operation = Operation::new("list_notes", "GET", "/notes")
    .command("notes", "list")
    .summary("Lists notes.")
    .inputs(&[
        Input::new("page", "page", Place::Query, r#"{"type":"integer","minimum":1,"default":1}"#)
            .description("The page."),
        Input::new("size", "size", Place::Query, r#"{"type":"integer","minimum":1,"maximum":100}"#)
            .description("The number of notes on a page."),
        Input::new("sort", "sort", Place::Query, r#"{"type":"string","enum":["title","created"]}"#)
            .description("The order."),
    ])
    .results(&[Outcome::json(
        r##"{"type":"object","properties":{"data":{"type":"array","items":{"$ref":"#/$defs/Note"}}}}"##,
        None,
    )
    .status("200")
    .accept(JSON)])
    .pages(Pages::new(&["data"], &PAGES).page("page").size("size"))
    .rate_limit("notes")
    .security(TOKEN);

static GET_NOTE: Operation = Operation::new("get_note", "GET", "/notes/{note_id}")
    .command("notes", "get")
    .summary("Returns a note.")
    .inputs(&[NOTE_ID])
    .results(&[NOTE])
    .errors(&[Declared::new("404", "There is no such note.")])
    .rate_limit("notes")
    .security(TOKEN);

static CREATE_NOTE: Operation = Operation::new("create_note", "POST", "/notes")
    .command("notes", "create")
    .summary("Creates a note.")
    .description("Creates a note. Its title must be **unique**.")
    .inputs(&[
        Input::new("title", "title", Place::Field, r#"{"type":"string","maxLength":80}"#).required(),
        Input::new("status", "status", Place::Field, r#"{"type":"string","enum":["draft","published"]}"#),
        Input::new("tags", "tags", Place::Field, r#"{"type":"array","items":{"type":"string"}}"#),
        Input::new("labels", "labels", Place::Field, r#"{"type":"object","additionalProperties":{"type":"string"}}"#),
        Input::new("author", "author", Place::Field, r##"{"$ref":"#/$defs/Author"}"##),
        Input::new("is_pinned", "isPinned", Place::Field, r#"{"type":"boolean"}"#),
        Input::new("weight", "weight", Place::Field, r#"{"type":"number"}"#),
        Input::new("starts_at", "startsAt", Place::Field, r#"{"type":"string","format":"date-time"}"#),
        Input::new("extra", "extra", Place::Field, "{}"),
    ])
    .results(&[NOTE])
    .security(TOKEN);

static DELETE_NOTE: Operation = Operation::new("delete_note", "DELETE", "/notes/{note_id}")
    .command("notes", "delete")
    .summary("Deletes a note.")
    .inputs(&[NOTE_ID])
    .results(&[Outcome::new(Form::Empty).status("204")])
    .security(TOKEN);

static UPLOAD_FILE: Operation = Operation::new("upload_file", "POST", "/files")
    .command("files", "upload")
    .summary("Uploads a file.")
    .inputs(&[
        Input::new("name", "name", Place::Part, r#"{"type":"string"}"#).required(),
        Input::new("file", "file", Place::Part, "").description("The file, up to 15 MB.").file().required(),
    ])
    .results(&[NOTE])
    .security(TOKEN);

static GET_FILE: Operation = Operation::new("get_file", "GET", "/files/{file_id}")
    .command("files", "get")
    .summary("Returns a file.")
    .inputs(&[Input::new("file_id", "file_id", Place::Path, r#"{"type":"string"}"#).required()])
    .results(&[Outcome::new(Form::Bytes).status("200").accept(&["image/png"])])
    .security(TOKEN);

static SUMMARY: Operation = Operation::new("summary", "GET", "/summary")
    .command("", "summary")
    .summary("Returns a summary of all notes.")
    .results(&[Outcome::new(Form::Text).status("200").accept(&["text/plain"])])
    .security(TOKEN);

static ASK: Operation = Operation::new("ask", "POST", "/ask")
    .command("", "ask")
    .summary("Answers a question.")
    .inputs(&[Input::new("question", "question", Place::Body, r#"{"type":"object"}"#).required()])
    .results(&[Outcome::json(r#"{"type":"object"}"#, None).status("200").accept(JSON)])
    .messages(Messages::events("text/event-stream", r#"{"type":"object"}"#))
    .security(TOKEN);

mod tests {
    use super::*;

    #[test]
    fn the_sample_of_each_command_is_a_call() {
        let client = Client::builder().token("secret").build().unwrap();
        for command in COMMANDS.commands {
            let operation = CATALOGUE.operation(command.operation).unwrap();
            assert_eq!(operation.words(), format!("{} {}", command.group, command.name).trim());
            let inputs = serde_json::from_str(command.sample).unwrap_or(Value::Null);
            let prepared = client.prepare(command.operation, Inputs::from(inputs)).unwrap();
            assert_eq!(prepared.operation().name, operation.name);
        }
    }
}
