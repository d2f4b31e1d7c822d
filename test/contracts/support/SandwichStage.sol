// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Sandwicher} from "../attackers/Sandwicher.sol";
import {Stage} from "./Stage.sol";

/// @title A pair and a pool of the same two tokens, and somebody rich who trades around others.
abstract contract SandwichStage is Stage {
    address internal a;
    address internal b;
    address internal pair;
    address internal pool;
    Sandwicher internal attacker;

    function setUp() public {
        _openStage();
        a = address(_token("A"));
        b = address(_token("B"));
        pair = _listedPair(a, b);
        pool = _listedPool(a, b, 500);
        attacker = new Sandwicher();
        IERC20(a).transfer(address(attacker), 10 * DEPTH);
        IERC20(b).transfer(address(attacker), 10 * DEPTH);
    }
}
