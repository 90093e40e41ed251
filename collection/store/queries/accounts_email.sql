-- The account that an OpenID provider's address belongs to. Parameter: email, in small letters. Read at sign-in.
SELECT * FROM account WHERE email = $email AND NOT disabled
