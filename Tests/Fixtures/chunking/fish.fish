# Sells.
function sell --argument n
    echo $n
end
set -g LIMIT 3
