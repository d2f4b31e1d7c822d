// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {WeirdToken} from "./WeirdToken.sol";

/// @title Who wants to be told of transfers, before its tokens go and after some have come.
interface ITransferHook {
    function onTransfer(address from, address to, uint256 amount) external;
}

/// @title A token that calls sender and recipient, as ERC-777 does; imBTC on Uniswap V1 was one.
contract Hooked is WeirdToken {
    mapping(address account => bool wanted) private _wantsCalls;

    /// @notice Has the caller called at every transfer from and to it.
    function register() external {
        _wantsCalls[msg.sender] = true;
    }

    function _move(address from, address to, uint256 amount) internal override {
        if (_wantsCalls[from]) ITransferHook(from).onTransfer(from, to, amount);
        super._move(from, to, amount);
        if (_wantsCalls[to]) ITransferHook(to).onTransfer(from, to, amount);
    }
}
