// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SwapExecutor} from "../../contracts/swap/SwapExecutor.sol";
import {Stage} from "./support/Stage.sol";

/// @title What the invariants drive: an operator that trades at random, and the world around it.
/// @notice It counts what it gave the executor, and that no order of its own broke its bound.
contract Trader {
    SwapExecutor private immutable executor;
    address[] public tokens;
    address[] private venues;
    mapping(address token => uint256 amount) public given;
    uint256 public swaps;
    uint256 public rounds;
    uint256 public refusals;
    bool public wasCheated;

    constructor(SwapExecutor executor_, address[] memory tokens_, address[] memory venues_) {
        (executor, tokens, venues) = (executor_, tokens_, venues_);
    }

    function swap(uint256 seed, uint256 amount, uint256 minOut) external {
        SwapExecutor.Swap memory order;
        (order.tokenIn, order.tokenOut) = (_pick(seed), _pick(seed >> 8));
        order.amountIn = amount % (IERC20(order.tokenIn).balanceOf(address(this)) / 8 + 1);
        order.minOut = minOut % (order.amountIn + 1);
        order.deadline = block.timestamp + 60;
        order.pools = _route(seed >> 16);
        if (seed >> 250 == 0) order.priceLimit = 2 ** 96;
        IERC20(order.tokenIn).approve(address(executor), order.amountIn);
        uint256 paid = IERC20(order.tokenIn).balanceOf(address(this));
        uint256 got = IERC20(order.tokenOut).balanceOf(address(this));
        try executor.swap(order) {
            paid -= IERC20(order.tokenIn).balanceOf(address(this));
            got = IERC20(order.tokenOut).balanceOf(address(this)) - got;
            if (paid > order.amountIn || got < order.minOut || got == 0) wasCheated = true;
            swaps += 1;
        } catch {
            _expect(paid == IERC20(order.tokenIn).balanceOf(address(this)));
        }
        IERC20(order.tokenIn).approve(address(executor), 0);
    }

    function arbitrage(uint256 seed, uint256 amount, uint256 minProfit) external {
        SwapExecutor.Arbitrage memory order;
        order.token = _pick(seed);
        order.amountIn = amount % (IERC20(order.token).balanceOf(address(this)) / 8 + 1);
        order.minProfit = minProfit % 1e18;
        order.deadline = block.timestamp + 60;
        order.pools = _route(seed >> 16);
        IERC20(order.token).approve(address(executor), order.amountIn);
        uint256 before = IERC20(order.token).balanceOf(address(this));
        try executor.arbitrage(order) {
            uint256 afterwards = IERC20(order.token).balanceOf(address(this));
            if (afterwards < before + order.minProfit || order.minProfit == 0) wasCheated = true;
            rounds += 1;
        } catch {
            _expect(before == IERC20(order.token).balanceOf(address(this)));
        }
        IERC20(order.token).approve(address(executor), 0);
    }

    function give(uint256 seed, uint256 amount) external {
        address token = _pick(seed);
        amount %= 1e18;
        given[token] += amount;
        IERC20(token).transfer(address(executor), amount);
    }

    function callAnything(bytes calldata data) external {
        (bool isDone, ) = address(executor).call(data);
        if (!isDone) refusals += 1;
    }

    function answerAsAPool(int256 owed0, int256 owed1, bytes calldata data) external {
        try executor.uniswapV3SwapCallback(owed0, owed1, data) {
            wasCheated = true;
        } catch {
            refusals += 1;
        }
    }

    function _expect(bool isSo) private {
        if (!isSo) wasCheated = true;
        refusals += 1;
    }

    function _pick(uint256 seed) private view returns (address) {
        return tokens[seed % tokens.length];
    }

    /// One to four pools, so that some routes are too long.
    function _route(uint256 seed) private view returns (address[] memory route) {
        route = new address[](1 + (seed % 13) / 4);
        for (uint256 i = 0; i < route.length; i++) {
            route[i] = venues[(seed >> (8 + 8 * i)) % venues.length];
        }
    }
}

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
