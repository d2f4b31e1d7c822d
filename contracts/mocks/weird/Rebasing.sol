// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {WeirdToken} from "./WeirdToken.sol";

/// @title A token whose balances all change at once, as those of AMPL do.
contract Rebasing is WeirdToken {
    uint256 private constant ONE = 1e18;

    uint256 private _factor = ONE;

    /// @notice Multiplies every balance; 1e18 leaves them as they are.
    function rebase(uint256 factor) external {
        _factor = (_factor * factor) / ONE;
    }

    function balanceOf(address owner) public view override returns (uint256) {
        return (_balances[owner] * _factor) / ONE;
    }

    function _move(address from, address to, uint256 amount) internal override {
        super._move(from, to, (amount * ONE) / _factor);
    }
}
