//! The service against a real database and a registry that answers over real gRPC.

mod calendar;
mod candidacy;
mod changes;
mod clashes;
mod conduct;
mod desk;
mod documents;
mod drafts;
mod foreign;
mod forms;
mod holder;
mod importing;
mod overview;
mod privacy;
mod reading;
mod register;
mod removal;
mod report;
mod roster;
mod running;
mod samples;
mod seating;
mod setup;
mod supervision;
mod wire;
