-- Programs whose id is the address of a document about them: until when what was read there counts. Null: registered here.
ALTER TABLE oauth_client ADD COLUMN fresh_until BIGINT;
