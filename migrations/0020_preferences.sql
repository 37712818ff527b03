-- How somebody writes when they do not say otherwise, and what others see of their circle: JSON, never looked into by SQL.
ALTER TABLE account ADD COLUMN preferences TEXT;
