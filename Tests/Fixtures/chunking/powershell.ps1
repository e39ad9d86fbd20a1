param([int]$Limit = 3)

# Sells.
function Invoke-Sell {
    param($Book)
    return $Book
}

class Shop {
    [string]$Name
    [int] Count() { return 0 }
}

enum Color { Red; Green }
$Total = 3
