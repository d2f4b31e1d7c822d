// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {WeirdToken} from "./WeirdToken.sol";

/// @title A token that shuts single accounts out, as USDC does.
contract Blocklisted is WeirdToken {
    mapping(address account => bool blocked) private _blocked;

    error Blocked(address account);

    function setBlocked(address account, bool blocked) external {
        _blocked[account] = blocked;
    }

    function _move(address from, address to, uint256 amount) internal override {
        if (_blocked[from]) revert Blocked(from);
        if (_blocked[to]) revert Blocked(to);
        super._move(from, to, amount);
    }
}
