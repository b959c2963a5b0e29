//! A lock takes over the names of an existing client.

use lowcodeapi_codegen::{Config, Inputs, Output, Source, generate, public_surface};

const DOCUMENT: &str = r##"{"openapi": "3.0.0", "info": {"title": "t", "version": "1"}, "servers": [{"url": "https://api.example"}], "paths": {
    "/pets": {
        "get": {"operationId": "PetsController_findAll", "responses": {"200": {"description": "", "content":
            {"application/json": {"schema": {"$ref": "#/components/schemas/pet_dto"}}}}}},
        "post": {"operationId": "PetsController_create", "responses": {"204": {"description": ""}}}},
    "/pets/{id}": {"delete": {"summary": "Remove a pet",
        "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
        "responses": {"204": {"description": ""}}}},
    "/feed": {"post": {"operationId": "feedAll", "responses": {"204": {"description": ""}}}},
    "/a": {"get": {"operationId": "sameId", "responses": {"204": {"description": ""}}}},
    "/b": {"get": {"operationId": "same_id", "responses": {"204": {"description": ""}}}}},
    "components": {"schemas": {
        "pet_dto": {"type": "object", "properties": {"type": {"type": "string"}, "owner": {"$ref": "#/components/schemas/Owner"}}},
        "Owner": {"type": "object", "properties": {"n": {"type": "string"}}}}}}"##;

fn adopted(surface: &str, lock: Option<&str>) -> (Output, Vec<String>) {
    let mut inputs = Inputs::new(Source { name: "d.json", text: DOCUMENT });
    if let Some(text) = lock {
        inputs = inputs.lock(Source { name: "l.json", text });
    }
    let generated = generate(&inputs, &Config::default().surface("old.txt", surface));
    let told = generated.diagnostics.iter().filter(|it| it.code.id == "surface-unmatched");
    (generated.output.unwrap(), told.map(|it| it.message.clone()).collect())
}

#[track_caller]
fn assert_has(output: &Output, items: &[&str]) {
    let surface = public_surface(&output.files);
    for item in items {
        assert!(surface.contains(item), "{item}: {surface}");
    }
}

#[test]
fn methods_and_types_keep_the_names_of_an_existing_client() {
    let (output, told) = adopted(
        "pub async fn old::Client::pets_controller_find_all(&self) -> Result<PetDTO, Error>\n\
         pub async fn old::Client::petsControllerCreate(&self)\n\
         pub fn old::Client::pets_id_delete(&self, id: &str)\n\
         pub struct old::models::PetDTO\n\
         pub struct old::models::PetDTO.r#type: String\n",
        None,
    );
    assert_eq!(told, Vec::<String>::new());
    assert_has(
        &output,
        &[
            "fn client::Client::pets_controller_find_all(",
            "fn client::Client::pets_controller_create(",
            "fn client::Client::pets_id_delete(",
            "fn client::Client::feed_all(",
            "struct types::PetDTO\n",
            "struct types::Owner\n",
        ],
    );
    // The lock alone says it from now on.
    let lock = output.lock.to_string();
    let inputs = Inputs::new(Source { name: "d.json", text: DOCUMENT }).lock(Source { name: "l.json", text: &lock });
    let again = generate(&inputs, &Config::default());
    assert!(again.diagnostics.is_empty(), "{:#?}", again.diagnostics);
    let again = again.output.unwrap();
    assert_eq!(public_surface(&again.files), public_surface(&output.files));
    assert_eq!(again.lock.to_string(), lock);
}

#[test]
fn a_list_says_what_has_which_name() {
    let (output, told) = adopted(
        "POST /feed feed_them\n/* text */\nPetsController_findAll pets\npet_dto Pet\nGET /c nothing\nfeedAll twice as much\nsameId new\n",
        None,
    );
    assert_has(&output, &["fn client::Client::feed_them(", "fn client::Client::pets(", "struct types::Pet\n"]);
    assert_eq!(
        told,
        [
            "the line `feedAll twice as much` names nothing",
            "`GET /c` is no operation and no schema",
            "`new` of `sameId` cannot be the name of a method",
        ]
    );
}

#[test]
fn what_fits_nothing_or_several_operations_is_told() {
    let (output, told) = adopted(
        "fn client::Client::same_id(&self) -> requests::SameId\nfn client::Client::gone(&self)\nstruct types::Gone\n",
        None,
    );
    assert_eq!(
        told,
        [
            "the method `gone` fits no operation of the document, or several",
            "the method `same_id` fits no operation of the document, or several",
            "the type `Gone` fits no schema of the document, or several",
        ]
    );
    assert_has(&output, &["fn client::Client::same_id_a(", "fn client::Client::same_id_b("]);
}

#[test]
fn recorded_names_stay() {
    let (first, _) = adopted("POST /feed feed_them\n", None);
    let (second, told) =
        adopted("POST /feed feed_all\nfn client::Client::feed_them(&self)", Some(&first.lock.to_string()));
    assert_has(&second, &["fn client::Client::feed_them("]);
    assert_eq!(told, ["the lock records `feed_them` for `POST /feed`, not `feed_all`"]);
}
