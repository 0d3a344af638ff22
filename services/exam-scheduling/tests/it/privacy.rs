//! Nobody's name or number lies in the database in plain.

use crate::samples::MARK;
use crate::setup::setup;

#[tokio::test]
async fn after_a_whole_plan_no_table_holds_a_name_a_citizen_id_or_a_card_in_plain() {
    let setup = setup().await;
    setup.held(3).await;
    let tables: Vec<String> = sqlx::query_scalar(
        "select format('%I.%I', schemaname, tablename) from pg_tables
         where schemaname in ('public', 'platform') and tablename not like '%migrations'",
    )
    .fetch_all(&setup.platform.pool)
    .await
    .expect("list the tables");
    assert!(tables.len() > 10);
    for table in tables {
        let query = format!("select coalesce(string_agg(t::text, E'\\n'), '') from {table} t");
        let rows: String = sqlx::query_scalar(sqlx::AssertSqlSafe(query))
            .fetch_one(&setup.platform.pool)
            .await
            .expect("read the table");
        // Bytes are shown in hexadecimal, so a text in them is looked for in that form too.
        for secret in [MARK, "370099199001", "R3720"] {
            assert!(!rows.contains(secret), "{table} holds {secret}");
            assert!(
                !rows.contains(&hex::encode(secret)),
                "{table} holds {secret} in bytes"
            );
        }
    }
}
