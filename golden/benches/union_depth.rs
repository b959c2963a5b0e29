//! What reading nested unions takes, by their depth: `cargo bench -p golden --bench union_depth`.
//!
//! Each line is a response of about the same length, in which unions are nested deeper from line to line. The time of
//! each stays about the same where the work is in proportion to the length, whatever the depth.

use std::time::Instant;

use golden::one_of_nested::types::Filter;

/// The length of each response, in bytes.
const LENGTH: usize = 1 << 20;

fn main() {
    println!("{:>6} {:>10} {:>10} {:>12}", "depth", "bytes", "ms", "ns a byte");
    for depth in [1, 2, 4, 8, 16, 32, 60] {
        let one = format!("{}1{}", r#"{"op":"or","args":["#.repeat(depth), "]}".repeat(depth));
        let text = format!("[{}]", vec![one.as_str(); LENGTH / one.len()].join(","));
        let best = (0..5).map(|_| measure(&text)).fold(f64::INFINITY, f64::min);
        #[expect(clippy::cast_precision_loss, reason = "a length of a few megabytes")]
        let each = best * 1e9 / text.len() as f64;
        println!("{depth:>6} {:>10} {:>10.2} {each:>12.1}", text.len(), best * 1e3);
    }
}

/// The time that reading takes, in seconds.
fn measure(text: &str) -> f64 {
    let started = Instant::now();
    let read: Result<Vec<Filter>, _> = serde_json::from_str(text);
    let elapsed = started.elapsed();
    assert!(read.is_ok_and(|filters| !filters.is_empty()));
    elapsed.as_secs_f64()
}
