//! How output looks: its colours and its width.

use std::{fmt, io};

use anstream::{AutoStream, ColorChoice, stream::RawStream};
use anstyle::{AnsiColor, Style};

use crate::settings::Color;

/// How output to a stream looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    /// Whether the stream is a terminal.
    pub(crate) is_terminal: bool,
    /// Whether it is coloured.
    pub(crate) is_coloured: bool,
    /// The number of columns for tables.
    pub(crate) width: usize,
}

/// What a piece of text is, which decides its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Less important than the rest.
    Dim,
    /// A heading, or the name of a property.
    Name,
    /// A string of JSON.
    Text,
    /// A number, a boolean or null.
    Scalar,
    /// The word `error`.
    Error,
}

/// The width for output that is not a terminal.
const WIDTH: usize = 100;

impl Look {
    /// Returns the look of standard output.
    pub(crate) fn of_stdout(color: Color) -> Self {
        Self::of(io::stdout(), color)
    }

    /// Returns the look of standard error.
    pub(crate) fn of_stderr(color: Color) -> Self {
        Self::of(io::stderr(), color)
    }

    fn of(stream: impl RawStream, color: Color) -> Self {
        let is_terminal = stream.is_terminal();
        let choice = match color {
            Color::Auto => AutoStream::choice(&stream),
            Color::Always => ColorChoice::AlwaysAnsi,
            Color::Never => ColorChoice::Never,
        };
        // The stream switches the escapes of consoles of Windows on, and tells whether that is possible.
        let is_coloured = AutoStream::new(stream, choice).current_choice() == ColorChoice::AlwaysAnsi;
        let width = if is_terminal { columns() } else { WIDTH };
        Self { is_terminal, is_coloured, width }
    }

    /// Returns text in the colour of its role.
    pub(crate) fn paint<T: fmt::Display>(self, role: Role, text: T) -> Painted<T> {
        Painted { style: if self.is_coloured { role.style() } else { Style::new() }, text }
    }

    /// Returns what begins and what ends the colour of a role.
    pub(crate) fn codes(self, role: Role) -> (String, String) {
        let style = if self.is_coloured { role.style() } else { Style::new() };
        (style.render().to_string(), style.render_reset().to_string())
    }

    /// A look without colours, for tests.
    #[cfg(test)]
    pub(crate) const fn plain(width: usize) -> Self {
        Self { is_terminal: false, is_coloured: false, width }
    }
}

fn columns() -> usize {
    terminal_size::terminal_size().map_or(WIDTH, |(columns, _)| usize::from(columns.0).max(20))
}

impl Role {
    fn style(self) -> Style {
        match self {
            Self::Dim => Style::new().dimmed(),
            Self::Name => Style::new().bold(),
            Self::Text => AnsiColor::Green.on_default(),
            Self::Scalar => AnsiColor::Cyan.on_default(),
            Self::Error => AnsiColor::Red.on_default().bold(),
        }
    }
}

/// Text in a colour.
#[derive(Debug)]
pub(crate) struct Painted<T> {
    style: Style,
    text: T,
}

impl<T: fmt::Display> fmt::Display for Painted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.style.render(), self.text, self.style.render_reset())
    }
}
