<?php
namespace App\Models;

use App\Base;

/**
 * A user.
 */
#[Entity]
final class User extends Base implements HasName
{
    use Notifies;

    public const MAX = 3;
    private ?string $name = null;

    public function __construct(private int $id) {}

    /** The name. */
    public static function named(string $name): self
    {
        $f = function () { return 1; };
        return new self();
    }
}

interface HasName { public function name(): string; }
trait Notifies { protected function notify() {} }
enum Suit: string { case Hearts = 'H'; case Spades = 'S'; }

function helper($a) { return $a; }
const LIMIT = 3;
define('OTHER', 4);
