//! Named refusals.
//!
//! Whatever the platform declines to do, it declines by name: a stable code for machines, a
//! sentence in Chinese and in English for people, and the rule the refusal comes from. Each
//! domain lists its refusals in one table with [`rejections!`](crate::rejections!); [`Faults`] carries all that is
//! wrong with one command at once, so that nobody mends a form one field at a time.
//!
//! Texts may name codes, dates, counts and limits. They never repeat a value that could be
//! personal data: a citizen number typed wrong is "the citizen number", never the digits.

use std::fmt;

/// What kind of refusal this is; the edge maps each kind to exactly one gRPC and HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RejectionKind {
    /// The request itself is wrong, whatever the state of the platform.
    InvalidArgument,
    /// The request is well formed, but a rule forbids it in the present state.
    FailedPrecondition,
    /// No such record, or none that the caller may see: the two are answered alike.
    NotFound,
    /// What the request would create exists already.
    AlreadyExists,
    /// Who the caller is has not been shown: no token, or none that counts.
    Unauthenticated,
    /// The caller's role or area does not allow this.
    PermissionDenied,
    /// Somebody else changed the record first; read it again and decide anew.
    Aborted,
    /// A quota or size limit is used up.
    ResourceExhausted,
    /// A neighbour whose answer is needed did not give one. No answer is never a yes.
    Unavailable,
    /// There is no such method, or not in the form in which it was called.
    Unimplemented,
    /// The answer was not ready within the time a call may take.
    DeadlineExceeded,
}

/// One way of being refused. Implemented by the enums that [`rejections!`](crate::rejections!) writes.
pub trait Rejection: fmt::Debug {
    /// Stable code for machines, `SCREAMING_SNAKE_CASE`, unique in the platform.
    fn code(&self) -> &'static str;
    /// What kind of refusal this is.
    fn kind(&self) -> RejectionKind;
    /// The rule behind it: `notice 4.1`, a standard's number and clause, or `platform` for the
    /// mechanism's own limits.
    fn rule(&self) -> &'static str;
    /// The refusal in Chinese.
    fn chinese(&self) -> String;
    /// The refusal in English.
    fn english(&self) -> String;
}

/// A refusal bound to the field it is about, in the form the edge needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Path of the field in the request, such as `roster[3].citizen_id`; `None` when the refusal
    /// is about the command as a whole.
    pub field: Option<String>,
    /// See [`Rejection::code`].
    pub code: &'static str,
    /// See [`Rejection::kind`].
    pub kind: RejectionKind,
    /// See [`Rejection::rule`].
    pub rule: &'static str,
    /// See [`Rejection::chinese`].
    pub chinese: String,
    /// See [`Rejection::english`].
    pub english: String,
}

impl Fault {
    fn new(field: Option<String>, rejection: &impl Rejection) -> Self {
        Self {
            field,
            code: rejection.code(),
            kind: rejection.kind(),
            rule: rejection.rule(),
            chinese: rejection.chinese(),
            english: rejection.english(),
        }
    }
}

/// Everything that is wrong with one command. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// A single fault at a field.
    pub fn at(field: impl Into<String>, rejection: &impl Rejection) -> Self {
        Self(vec![Fault::new(Some(field.into()), rejection)])
    }

    /// The same faults at other fields, for a command that is one of many.
    #[must_use]
    pub fn moved(mut self, to: impl Fn(&str) -> String) -> Self {
        for fault in &mut self.0 {
            fault.field = Some(to(fault.field.as_deref().unwrap_or_default()));
        }
        self
    }

    /// All faults, in the order in which they were found.
    pub fn all(&self) -> &[Fault] {
        &self.0
    }

    /// The fault that decides the status of the whole answer: the first one.
    pub fn leading(&self) -> &Fault {
        &self.0[0]
    }

    /// The codes in order; what tests compare.
    pub fn codes(&self) -> Vec<&'static str> {
        self.0.iter().map(|fault| fault.code).collect()
    }
}

impl<R: Rejection> From<R> for Faults {
    fn from(rejection: R) -> Self {
        Self(vec![Fault::new(None, &rejection)])
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("refused: ")?;
        for (index, fault) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            match &fault.field {
                Some(field) => write!(formatter, "{separator}{} at {field}", fault.code)?,
                None => write!(formatter, "{separator}{}", fault.code)?,
            }
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

/// Gathers faults while a command is parsed or decided, so that all are told at once.
///
/// ```
/// # use kernel::rejection::FaultList;
/// # use kernel::division::DivisionCode;
/// let mut faults = FaultList::default();
/// let area = faults.take("division_code", DivisionCode::parse("3710"));
/// assert!(area.is_none());
/// assert!(faults.finish().is_err());
/// ```
#[derive(Debug, Default)]
pub struct FaultList(Vec<Fault>);

impl FaultList {
    /// Notes a fault at a field.
    pub fn add(&mut self, field: impl Into<String>, rejection: &impl Rejection) {
        self.0.push(Fault::new(Some(field.into()), rejection));
    }

    /// Notes a fault of the command as a whole.
    pub fn refuse(&mut self, rejection: &impl Rejection) {
        self.0.push(Fault::new(None, rejection));
    }

    /// Notes the faults of a part that was judged elsewhere.
    pub fn extend(&mut self, faults: Faults) {
        self.0.extend(faults.0);
    }

    /// Keeps the value of a parse, or notes its fault at the field.
    pub fn take<T, R: Rejection>(
        &mut self,
        field: impl Into<String>,
        parsed: Result<T, R>,
    ) -> Option<T> {
        parsed.map_err(|rejection| self.add(field, &rejection)).ok()
    }

    /// Notes the rejection at the field unless the condition holds.
    pub fn require(
        &mut self,
        condition: bool,
        field: impl Into<String>,
        rejection: &impl Rejection,
    ) {
        if !condition {
            self.add(field, rejection);
        }
    }

    /// Whether nothing has been noted so far.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many have been noted so far.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// All faults noted, or `Ok` when there is none.
    ///
    /// # Errors
    /// The faults, in the order in which they were noted.
    pub fn finish(self) -> Result<(), Faults> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Faults(self.0))
        }
    }
}

/// Declares the refusals of a domain as one table: name, fields, code, kind, rule, texts.
///
/// ```
/// kernel::rejections! {
///     /// Why a score is refused.
///     pub enum ScoreRejection {
///         /// Scores run from 0 to 100 (national standards, 1.9.2).
///         OutOfRange { given: u32 } => "SCORE_OUT_OF_RANGE", InvalidArgument, "national standards 1.9",
///             "成绩应在 0 至 100 之间，收到 {given}", "scores run from 0 to 100, not {given}";
///     }
/// }
/// use kernel::rejection::Rejection;
/// assert_eq!(ScoreRejection::OutOfRange { given: 101 }.code(), "SCORE_OUT_OF_RANGE");
/// assert_eq!(ScoreRejection::CODES, &["SCORE_OUT_OF_RANGE"]);
/// ```
#[macro_export]
macro_rules! rejections {
    (
        $(#[$outer:meta])*
        $vis:vis enum $name:ident {
            $(
                $(#[$inner:meta])*
                $variant:ident $({ $($field:ident : $type:ty),+ $(,)? })?
                    => $code:literal, $kind:ident, $rule:literal, $chinese:literal, $english:literal;
            )+
        }
    ) => {
        $(#[$outer])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        $vis enum $name {
            $( $(#[$inner])* $variant $({ $(
                #[doc = "Named in the texts of this refusal."]
                $field: $type
            ),+ })?, )+
        }

        impl $name {
            /// Every code of this table; a test holds it against the tests that prove each one.
            $vis const CODES: &'static [&'static str] = &[$($code),+];
        }

        impl $crate::rejection::Rejection for $name {
            fn code(&self) -> &'static str {
                match self { $( Self::$variant $({ $($field: _),+ })? => $code, )+ }
            }

            fn kind(&self) -> $crate::rejection::RejectionKind {
                match self {
                    $( Self::$variant $({ $($field: _),+ })? => $crate::rejection::RejectionKind::$kind, )+
                }
            }

            fn rule(&self) -> &'static str {
                match self { $( Self::$variant $({ $($field: _),+ })? => $rule, )+ }
            }

            fn chinese(&self) -> String {
                match self {
                    $( Self::$variant $({ $($field),+ })? => { $( $( let _ = $field; )+ )? format!($chinese) } )+
                }
            }

            fn english(&self) -> String {
                match self {
                    $( Self::$variant $({ $($field),+ })? => { $( $( let _ = $field; )+ )? format!($english) } )+
                }
            }
        }
    };
}

#[cfg(test)]
mod tests;
