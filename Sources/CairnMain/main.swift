import Commands
import Glibc

exit(await runProgram())
