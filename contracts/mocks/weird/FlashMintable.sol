// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {WeirdToken} from "./WeirdToken.sol";

/// @title Who has tokens for the length of a call.
interface IFlashBorrower {
    function onFlashMint(uint256 amount) external;
}

/// @title A token that anybody may have any amount of within a transaction, as DAI and WETH10 allow.
contract FlashMintable is WeirdToken {
    function flashMint(uint256 amount) external {
        _balances[msg.sender] += amount;
        IFlashBorrower(msg.sender).onFlashMint(amount);
        if (_balances[msg.sender] < amount) revert TooLittle();
        _balances[msg.sender] -= amount;
    }
}
