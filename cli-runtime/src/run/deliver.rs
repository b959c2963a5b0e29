//! Sends a call, and writes its result in the way in which it arrives.

use serde_json::json;

use crate::{
    failure::{Class, Failure},
    output::{Listing, Printer, Sink},
    run::{
        file_name, hint,
        progress::Progress,
        target::{Partial, Target},
    },
    settings::{Format, Settings},
};
use lowcodeapi_runtime::{
    catalogue::{Answer, Content, Operation, Prepared},
    header::{CONTENT_TYPE, HeaderMap},
};

/// How a result arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Message by message.
    Messages,
    /// Page by page.
    Pages,
    /// As a file of any length.
    File,
    /// As a whole.
    Whole,
}

/// Where a result goes, and how.
pub(crate) struct Delivery<'a> {
    pub(crate) printer: Printer,
    pub(crate) target: Option<Target>,
    pub(crate) progress: Progress,
    pub(crate) settings: &'a Settings,
    /// Is called when the server has answered.
    pub(crate) answered: &'a (dyn Fn() + Sync),
}

impl Delivery<'_> {
    /// Sends a call and writes its result.
    pub(crate) async fn run(self, prepared: Prepared, way: Way) -> Result<(), Failure> {
        match way {
            Way::Messages => self.messages(prepared).await,
            Way::Pages => self.pages(prepared).await,
            Way::File => self.file(prepared).await,
            Way::Whole => self.whole(prepared).await,
        }
    }

    async fn messages(self, prepared: Prepared) -> Result<(), Failure> {
        let Self { printer, target, mut progress, settings, answered } = self;
        let operation = prepared.operation();
        let Some(opening) = prepared.messages() else { return Ok(()) };
        let mut messages = opening.await?;
        answered();
        let (printer, file) = open(printer, target.as_ref(), operation)?;
        let mut listing = Listing::new(printer);
        while let Some(message) = messages.next().await {
            progress.stop();
            listing.message(&message?.data)?;
            if listing.is_closed() {
                break;
            }
        }
        progress.stop();
        listing.finish()?;
        close(file, None, settings)
    }

    async fn pages(self, prepared: Prepared) -> Result<(), Failure> {
        let Self { printer, target, mut progress, settings, .. } = self;
        let operation = prepared.operation();
        let Some(mut pages) = prepared.pages() else { return Ok(()) };
        let (printer, file) = open(printer, target.as_ref(), operation)?;
        let mut listing = Listing::new(printer.paged(operation.pages.map(|pages| pages.items)));
        while let Some(page) = pages.next().await {
            if file.is_none() {
                progress.stop();
            }
            listing.page(&page?)?;
            if listing.is_closed() {
                break;
            }
        }
        progress.stop();
        listing.finish()?;
        close(file, None, settings)
    }

    async fn file(self, prepared: Prepared) -> Result<(), Failure> {
        let Self { mut printer, target, mut progress, settings, answered } = self;
        let operation = prepared.operation();
        let mut download = prepared.stream().await?;
        answered();
        let media_type = media_type(download.headers()).to_owned();
        let total = download.content_length();
        let mut file = match &target {
            Some(target) => Partial::create(target, || named(download.headers(), &media_type, operation))?,
            None => None,
        };
        let mut done = 0;
        while let Some(chunk) = download.next().await {
            let chunk = chunk?;
            done += chunk.len() as u64;
            if let Some(file) = &mut file {
                file.write(&chunk)?;
                progress.received(done, total);
                continue;
            }
            progress.stop();
            printer.sink.bytes(&chunk)?;
            if printer.sink.is_closed() {
                break;
            }
        }
        printer.sink.flush()?;
        progress.stop();
        close(file, Some(&media_type), settings)
    }

    async fn whole(self, prepared: Prepared) -> Result<(), Failure> {
        let Self { printer, target, mut progress, settings, answered } = self;
        let operation = prepared.operation();
        let answer = prepared.send().await?;
        answered();
        progress.stop();
        if let Content::Bytes(media_type, bytes) = &answer.value {
            return write_bytes(printer, target.as_ref(), &answer, operation, (media_type, bytes), settings);
        }
        let (mut printer, file) = open(printer, target.as_ref(), operation)?;
        match &answer.value {
            Content::Json(value) => {
                printer = printer.paged(operation.pages.map(|pages| pages.items));
                printer.value(value)?;
                hint::of_more_pages(&printer, operation, value);
            }
            Content::Text(text) => printer.text(text)?,
            // Programs get nothing, which is what the server sent.
            _ => hint::of_nothing(&printer, answer.status.as_u16()),
        }
        close(file, None, settings)
    }
}

/// Writes a file that is in memory.
fn write_bytes(
    mut printer: Printer,
    target: Option<&Target>,
    answer: &Answer,
    operation: &Operation,
    (media_type, bytes): (&str, &[u8]),
    settings: &Settings,
) -> Result<(), Failure> {
    let file = match target {
        Some(target) => Partial::create(target, || named(&answer.headers, media_type, operation))?,
        None => None,
    };
    match (file, std::str::from_utf8(bytes)) {
        (Some(mut file), _) => {
            file.write(bytes)?;
            close(Some(file), Some(media_type), settings)
        }
        (None, Ok(text)) if printer.look.is_terminal => printer.text(text),
        (None, Err(_)) if printer.look.is_terminal => {
            // The call was sent, so this is no mistake that a script may correct and repeat without thought.
            Err(Failure { class: Class::File, ..binary_on_terminal() }.processed(true))
        }
        (None, _) => {
            printer.sink.bytes(bytes)?;
            printer.sink.flush()
        }
    }
}

/// Returns the failure of a file that a terminal would show.
pub(crate) fn binary_on_terminal() -> Failure {
    Failure::usage("the result is a file, which is not written to a terminal")
        .help("pass --to FILE, or pipe standard output to a program")
}

/// Makes the printer write to the target, if that is not standard output.
fn open(
    printer: Printer,
    target: Option<&Target>,
    operation: &Operation,
) -> Result<(Printer, Option<Partial>), Failure> {
    let Some(target) = target else { return Ok((printer, None)) };
    let extension = match printer.format {
        Some(Format::Jsonl) => "jsonl",
        Some(Format::Yaml) => "yaml",
        Some(Format::Raw | Format::Table) => "txt",
        Some(Format::Json) | None => "json",
    };
    let name =
        || file_name::safe(&format!("{}.{extension}", fallback(operation))).unwrap_or_else(|| "result".to_owned());
    Ok(match Partial::create(target, name)? {
        Some(file) => (printer.into_file(Sink::to(file.file()?)), Some(file)),
        None => (printer, None),
    })
}

/// Gives the file its name, and writes which, because the server may have chosen it.
fn close(file: Option<Partial>, media_type: Option<&str>, settings: &Settings) -> Result<(), Failure> {
    let Some(file) = file else { return Ok(()) };
    let bytes = file.length()?;
    let path = file.finish()?;
    let mut told = json!({"file": path.to_string_lossy(), "bytes": bytes});
    if let Some(media_type) = media_type.filter(|it| !it.is_empty()) {
        told["media_type"] = media_type.into();
    }
    // The expression is for the result, and not for this.
    Printer::new(&Settings { select: None, ..settings.clone() })?.value(&told)
}

fn named(headers: &HeaderMap, media_type: &str, operation: &Operation) -> String {
    file_name::of_download(headers, media_type, &fallback(operation))
}

/// Returns the name of a file that the server does not name: `knowledge-list`.
fn fallback(operation: &Operation) -> String {
    operation.words().replace(' ', "-")
}

fn media_type(headers: &HeaderMap) -> &str {
    headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
