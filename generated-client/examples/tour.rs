//! The calls that the documentation of the crate shows.

use lowcodeapi_jasper::{Client, Error, Upload, types::CommandInputs};

#[tokio::main]
async fn main() -> Result<(), Error> {
    // LOWCODEAPI_TOKEN, and LOWCODEAPI_BASE_URL in place of the document's server.
    let client = Client::from_env()?;

    let out = client.run_command(CommandInputs::new("Write a haiku about rabbits")).await?;
    for text in &out.data {
        println!("{}", text.text.as_deref().unwrap_or_default());
    }

    let file = Upload::from_path("brand.pdf").await?;
    let made = client.create_knowledge("Brand book", file).tags(["brand"]).send_with_response().await?;
    println!("{}: {:?}", made.status, made.value.data);

    client.delete_tone("ton_1").await?;
    Ok(())
}
