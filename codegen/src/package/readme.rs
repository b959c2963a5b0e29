//! The README of a generated crate.

use super::{Package, REFERENCE};

impl Package {
    pub(super) fn readme(&self) -> String {
        let Self { name, title, .. } = self;
        let origin = self.header.origin();
        let reference = if self.reference.is_empty() {
            String::new()
        } else {
            format!("\n[{REFERENCE}]({REFERENCE}/README.md) describes all operations, with an example of each call.\n")
        };
        let program = self.program().map(|program| self.program_section(&program)).unwrap_or_default();
        let regenerating = self.command.as_ref().map(|command| regenerating(command)).unwrap_or_default();
        let (what, usage) = if self.has_client {
            ("A client", usage(&self.crate_name()))
        } else {
            (
                "The types",
                "`cargo doc --open` shows the types. All of them are `Serialize` and `Deserialize`.".to_owned(),
            )
        };
        format!(
            r"<!-- {origin} -->

# {name}

{what} of {title}, generated from its OpenAPI document.

{usage}
{reference}{program}{regenerating}
To write your own README, remove the first line. It is then no longer regenerated.
"
        )
    }

    fn program_section(&self, program: &str) -> String {
        let feature = if self.serves_tools { "mcp" } else { "cli" };
        let tools = self.serves_tools.then(|| {
            format!(
                "\n`{program} mcp` serves the operations as tools for agents. `{program} mcp --print-config` prints the \
                 configuration for the\nusual hosts.\n"
            )
        });
        format!(
            "
## The program

`{program}` calls the operations from a terminal. To install it, run in this folder:

```sh
cargo install --path . --features {feature}
{program} --help
```

With the feature `keychain`, `{program} auth login` stores the credential in the system's keychain.
{tools}",
            tools = tools.unwrap_or_default(),
        )
    }
}

/// How to call operations.
fn usage(crate_name: &str) -> String {
    format!(
        r"```rust
let client = {crate_name}::Client::from_env()?;
```

`cargo doc --open` shows the operations: each is a method of `Client`. Its arguments are the required inputs. It returns a
request, whose methods set optional inputs. Awaiting the request sends it. The documentation of `Client::from_env` lists
the environment variables."
    )
}

fn regenerating(command: &str) -> String {
    format!(
        "
## Regenerating

After a change of the document, run in this folder:

```sh
{command}
```

With `--check` the same command writes nothing, and fails if a file differs from what would be generated. The lock holds
every name that was given, so that the next document does not change them. Keep it under version control.
"
    )
}
