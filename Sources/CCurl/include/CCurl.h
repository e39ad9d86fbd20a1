// libcurl for Swift, loaded when it is first needed.
#pragma once
