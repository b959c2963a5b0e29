//! The public face of `lowcodeapi-runtime` is written in a file, an item a line, so that a change to it is seen in review.
//! `INSTA_UPDATE=always` rewrites the file.

#![allow(clippy::unwrap_used, clippy::panic, reason = "sources that cannot be read have no face")]

mod crate_;
mod lines;

use std::{env, fs, path::Path};

use self::crate_::Crate;

#[test]
fn the_face_of_the_runtime_is_what_the_file_says() {
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime");
    let face = lines::face(&Crate::read(&runtime.join("src")));
    let file = runtime.join("public-face.txt");
    if env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always") {
        fs::write(&file, &face).unwrap();
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    let without = |text: &str, other: &str| {
        let others: Vec<&str> = other.lines().collect();
        text.lines().filter(|line| !others.contains(line)).collect::<Vec<_>>().join("\n")
    };
    assert!(
        face == written,
        "runtime/public-face.txt is not the face of the runtime; INSTA_UPDATE=always rewrites it.\nNew:\n{}\nGone:\n{}",
        without(&face, &written),
        without(&written, &face)
    );
}

#[test]
fn what_is_not_public_is_not_in_the_face() {
    let library = Crate::of([
        ("", "mod a; pub use crate::a::{Open, Way as Path}; #[doc(hidden)] pub use crate::a::Hidden;"),
        (
            "a",
            "pub struct Hidden; pub struct Shut;
             #[derive(Clone)] #[non_exhaustive] pub struct Open { pub size: u8, secret: u8 }
             impl Open { pub fn new(mut self, to: &str) -> Self {} fn own() {} #[doc(hidden)] pub fn raw() {} }
             impl Shut { pub fn new() {} }
             trait Inner {} impl Inner for Open {} impl std::fmt::Display for Open {}
             pub trait Way: Send { const TURN: u8; fn go(&self) -> u8 { 1 } }
             #[cfg(test)] impl Open { pub fn test() {} }
             #[cfg(feature = \"x\")] impl Open { pub fn more(&self) {} }",
        ),
    ]);
    let expected = "\
fn Open::more(&self) [feature = \"x\"]
fn Open::new(self, to: &str) -> Self
impl Clone for Open
impl std::fmt::Display for Open
struct Open [non_exhaustive]
struct Open.size: u8
trait Path: Send
trait Path: const TURN: u8
trait Path: fn go(&self) -> u8 [provided]
";
    assert_eq!(lines::face(&library), expected);
}
