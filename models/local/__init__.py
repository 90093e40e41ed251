"""隠れた地域資料: words, publishers and authors that point to the city, learnt from the records that are marked as local."""
