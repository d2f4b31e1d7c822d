// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Stage} from "./support/Stage.sol";
import {Trader} from "./support/Trader.sol";

/// F44: what must hold after any sequence of orders, gifts and calls of anything.
contract ExecutorInvariants is Stage {
    Trader private trader;
    address[] private tokens;
    address[] private venues;

    function setUp() public {
        _openStage();
        for (uint256 i = 0; i < 3; i++) tokens.push(address(_token("T")));
        venues.push(_listedPair(tokens[0], tokens[1]));
        venues.push(_listedPair(tokens[1], tokens[2]));
        venues.push(_listedPool(tokens[0], tokens[1], 500));
        venues.push(_listedPool(tokens[1], tokens[2], 3_000));
        venues.push(_listedPool(tokens[0], tokens[2], 10_000));
        trader = new Trader(executor, tokens, venues);
        executor.setOperator(address(trader), true);
        for (uint256 i = 0; i < 3; i++) IERC20(tokens[i]).transfer(address(trader), DEPTH);
    }

    /// Read by the runner: the calls of an invariant run go to the trader alone.
    function targetContracts() public view returns (address[] memory) {
        return _one(address(trader));
    }

    function invariant_TheExecutorHoldsWhatItWasGivenAndNothingElse() public view {
        for (uint256 i = 0; i < 3; i++) {
            uint256 held = _balance(tokens[i], address(executor));
            require(held == trader.given(tokens[i]), "tokens passed through and stayed");
        }
    }

    function invariant_TheExecutorApprovesNobody() public view {
        for (uint256 i = 0; i < 3; i++) {
            for (uint256 j = 0; j < venues.length; j++) {
                uint256 allowed = IERC20(tokens[i]).allowance(address(executor), venues[j]);
                require(allowed == 0, "a pool may take tokens of the executor");
            }
        }
    }

    function invariant_EveryOrderKeptItsBoundOrChangedNothing() public view {
        require(!trader.wasCheated(), "an order was broken");
    }

    /// The handler can trade: an invariant over refusals alone would show nothing.
    function test_TheTraderReachesSwapsAndRoundsAndRefusals() public {
        for (uint256 seed = 0; seed < 400; seed++) {
            uint256 random = uint256(keccak256(abi.encode(seed)));
            trader.swap(random, random, random % 1e15);
            trader.arbitrage(random, random % 1e20, random % 1e6);
        }
        require(trader.swaps() > 20, "swaps");
        require(trader.rounds() > 3, "rounds");
        require(trader.refusals() > 20, "refusals");
    }
}
