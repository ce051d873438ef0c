@testable import Serve
