//! People (人员) of organisations and of the centres' pools.
//!
//! A [`Person`](person::Person) is a human at one home. What identifies the human, name and citizen
//! id, and the numbers of cards are not here: the rules do not need them, and what they are not
//! given they cannot put into a fact. The same human at another home is another person with the
//! same [`HumanId`]; cards and sanctions are the human's.

pub mod assignment;
pub mod card;
pub mod engagement;
pub mod home;
pub mod person;
pub mod pool;
pub mod resources;
pub mod sanction;

kernel::typed_ids! {
    /// A human, over all homes. Stays inside the register.
    HumanId("human"),
    /// A card of somebody (资质证).
    CardId("card"),
}
