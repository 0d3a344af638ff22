//! Every document, printed from made-up values with the fonts of Debian's package.
//!
//! `previews/` holds the first page of each as a picture. A template that changes shows there;
//! `LUBAN_WRITE_PREVIEWS=1` writes them anew, to be looked at before they are committed.

mod paper;
mod samples;
