//! The client that a command calls with: its token, its address and its limits.

use lowcodeapi_runtime::catalogue::Described;

use crate::{
    app::{App, Connected},
    failure::Failure,
    settings::Settings,
};

/// Creates the client, of the API or of the embedded gateway.
pub(crate) async fn connect<C: Described>(app: &App, settings: &Settings) -> Result<Connected, Failure> {
    let _ = (app, settings);
    Err(Failure::usage("not connected"))
}
