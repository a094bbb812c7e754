-- the log and its guards
UPDATE events SET actor = 'M1';
UPDATE events SET data = '{}' WHERE seq = 1;
DELETE FROM events;
DELETE FROM events WHERE false;
TRUNCATE events CASCADE;
TRUNCATE halls CASCADE;
ALTER TABLE events DISABLE TRIGGER ALL;
ALTER TABLE events DISABLE ROW LEVEL SECURITY;
DROP TRIGGER qd_event ON events;
DROP TABLE events CASCADE;
DROP POLICY qd_select ON events;
CREATE RULE r AS ON INSERT TO events DO INSTEAD NOTHING;
ALTER FUNCTION qd_event() RENAME TO qd_nothing;
SET session_replication_role = replica;
INSERT INTO events SELECT * FROM events ON CONFLICT (hall, seq) DO UPDATE SET actor = 'M1';
MERGE INTO events e USING halls h ON e.hall = h.id WHEN MATCHED THEN DELETE;
UPDATE halls SET id = 3;
DELETE FROM halls;
UPDATE database SET moved_to = 'nowhere';
UPDATE database SET epoch = 'x';
DELETE FROM alembic_version;

-- more power
SET ROLE queuedesk;
SET SESSION AUTHORIZATION queuedesk;
ALTER ROLE CURRENT_USER SUPERUSER;
ALTER ROLE CURRENT_USER CREATEROLE;
ALTER ROLE CURRENT_USER CONNECTION LIMIT -1;
ALTER ROLE CURRENT_USER SET temp_file_limit = -1;
ALTER ROLE queuedesk PASSWORD 'x';
CREATE ROLE one_more LOGIN;
GRANT qd_manager TO CURRENT_USER;
GRANT pg_read_all_data TO CURRENT_USER;
CREATE DATABASE more;
CREATE SCHEMA more;
CREATE TABLE more (id int);
CREATE TEMPORARY TABLE more (id int);
CREATE FUNCTION more() RETURNS int LANGUAGE sql AS 'SELECT 1';
DO $$ BEGIN END $$;
CREATE EXTENSION dblink;
ALTER SYSTEM SET max_connections = 1;
SET temp_file_limit = -1;
SELECT pg_reload_conf();
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'queuedesk' AND datname = current_database();
SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE usename = 'queuedesk' AND datname = current_database();
SELECT qd_cut_off(0);
COPY (SELECT 1) TO PROGRAM 'true';
COPY (SELECT 1) TO '/tmp/stolen';
SELECT pg_read_file('/etc/passwd');
SELECT pg_ls_dir('.');
SELECT lo_create(0);
SELECT lo_from_bytea(0, 'x');
SELECT pg_logical_emit_message(false, 'x', 'x');

-- the tables of the work
SELECT pg_advisory_lock(1);
SELECT pg_try_advisory_xact_lock(1);
BEGIN; LOCK TABLE events IN ACCESS EXCLUSIVE MODE;
BEGIN; LOCK TABLE halls IN ACCESS EXCLUSIVE MODE;
BEGIN; LOCK TABLE tickets IN ACCESS EXCLUSIVE MODE;
BEGIN; LOCK TABLE windows IN ACCESS EXCLUSIVE MODE;
BEGIN; LOCK TABLE pcs IN ACCESS EXCLUSIVE MODE;
BEGIN; LOCK TABLE events IN SHARE MODE;

-- what a PIN is compared with
SELECT hash FROM pins;
SELECT * FROM pins;
SELECT count(*) FROM pins WHERE hash LIKE '%0';
UPDATE pins SET hash = 'x' RETURNING hash;
DELETE FROM pins WHERE hash LIKE '%0';
DELETE FROM pins RETURNING hash;
INSERT INTO pins VALUES (1, 'M1', 'x') ON CONFLICT (hall, staff) DO UPDATE SET hash = pins.hash RETURNING hash;

-- secrets and the set-up
SELECT * FROM comments;
SELECT key FROM joins;
SELECT rolpassword FROM pg_authid;
SELECT id FROM access;
SELECT last_value FROM {role}_pins;
SELECT setval('{role}_pins', 1);
SELECT nextval('{role}_pins');
UPDATE halls SET setup = '{}';
UPDATE halls SET setup_hash = '';
UPDATE halls SET code = 'X';

-- names
SELECT name FROM contacts;
SELECT contact FROM contacts;
SELECT salt FROM contacts;

-- levels of ratings
SELECT * FROM ratings;
SELECT * FROM events;
SELECT e FROM events e;
SELECT row_to_json(t) FROM tickets t;
SELECT count(*) FROM ratings WHERE level = 1;
SELECT label FROM ratings ORDER BY level;
UPDATE ratings SET reasons = 1 RETURNING level;
UPDATE ratings SET reasons = level;
UPDATE ratings SET reasons = 1 WHERE level = 1;
UPDATE tickets SET turn = 1 WHERE rating = 1;
UPDATE tickets SET reason = rating::text;
INSERT INTO ratings (hall, date, label, level, time, service, tags, reasons, excluded) SELECT hall, date, label, 1, 1, service, '[]', 0, 0 FROM ratings ON CONFLICT (hall, date, label) DO UPDATE SET service = ratings.level::text;
MERGE INTO ratings r USING halls h ON r.hall = h.id AND r.level = 1 WHEN MATCHED THEN UPDATE SET service = 'X';
INSERT INTO events SELECT * FROM events RETURNING whole;
COPY ratings TO STDOUT;
EXPLAIN ANALYZE SELECT 1 FROM opinions WHERE level = 1;
CREATE STATISTICS s ON level, date FROM ratings;
SELECT * FROM pg_statistic;
