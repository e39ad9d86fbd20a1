-- Books that are sold.
CREATE TABLE books (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL
);

CREATE UNIQUE INDEX books_title ON books (title);

CREATE VIEW cheap AS SELECT * FROM books;

CREATE OR REPLACE FUNCTION sell(n integer) RETURNS integer AS $$
BEGIN
  RETURN n;
END;
$$ LANGUAGE plpgsql;

CREATE TYPE color AS ENUM ('red', 'green');
CREATE TABLE shop.orders (id INT);
INSERT INTO books VALUES (1, 'x');
CREATE TRIGGER touch BEFORE UPDATE ON books FOR EACH ROW EXECUTE FUNCTION sell();
