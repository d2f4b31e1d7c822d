// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";
import {SwapExecutor} from "../../contracts/swap/SwapExecutor.sol";
import {SwapListings} from "../../contracts/swap/SwapListings.sol";
import {Stage} from "./support/Stage.sol";

/// Orders over real pools: what they pay, what they get and when they are refused.
contract SwapExecutorTest is Stage {
    address private a;
    address private b;
    address private c;
    address private pairAB;
    address private pairBC;
    address private poolAB;
    address private poolBC;

    function setUp() public {
        _openStage();
        a = address(_token("A"));
        b = address(_token("B"));
        c = address(_token("C"));
        pairAB = _listedPair(a, b);
        pairBC = _listedPair(b, c);
        poolAB = _listedPool(a, b, 500);
        poolBC = _listedPool(b, c, 3_000);
    }

    function testFuzz_APairPaysWhatThePublishedRouterQuotes(uint256 seed, bool back) public {
        uint256 amount = _amount(seed);
        (address tokenIn, address tokenOut) = back ? (b, a) : (a, b);
        uint256[] memory quoted = routerV2.getAmountsOut(amount, _two(tokenIn, tokenOut));
        _swapsTo(_order(tokenIn, tokenOut, amount, _one(pairAB)), quoted[1]);
    }

    function testFuzz_TwoPairsPayWhatThePublishedRouterQuotes(uint256 seed, bool back) public {
        uint256 amount = _amount(seed);
        address[] memory path = back ? _three(c, b, a) : _three(a, b, c);
        address[] memory route = back ? _two(pairBC, pairAB) : _two(pairAB, pairBC);
        uint256[] memory quoted = routerV2.getAmountsOut(amount, path);
        _swapsTo(_order(path[0], path[2], amount, route), quoted[2]);
    }

    function testFuzz_APoolPaysWhatThePublishedQuoterSays(uint256 seed, bool back) public {
        uint256 amount = _amount(seed);
        (address tokenIn, address tokenOut) = back ? (b, a) : (a, b);
        bytes memory path = abi.encodePacked(tokenIn, uint24(500), tokenOut);
        (uint256 quoted, , , ) = quoterV3.quoteExactInput(path, amount);
        _swapsTo(_order(tokenIn, tokenOut, amount, _one(poolAB)), quoted);
    }

    function testFuzz_TwoPoolsPayWhatThePublishedQuoterSays(uint256 seed, bool back) public {
        uint256 amount = _amount(seed);
        (address tokenIn, address tokenOut) = back ? (c, a) : (a, c);
        bytes memory path =
            back
                ? abi.encodePacked(c, uint24(3_000), b, uint24(500), a)
                : abi.encodePacked(a, uint24(500), b, uint24(3_000), c);
        (uint256 quoted, , , ) = quoterV3.quoteExactInput(path, amount);
        address[] memory route = back ? _two(poolBC, poolAB) : _two(poolAB, poolBC);
        _swapsTo(_order(tokenIn, tokenOut, amount, route), quoted);
    }

    function testFuzz_AMixedRoutePaysOneQuoteAfterTheOther(uint256 seed, bool back) public {
        uint256 amount = _amount(seed);
        if (back) {
            (uint256 half, , , ) = quoterV3.quoteExactInput(
                abi.encodePacked(c, uint24(3_000), b),
                amount
            );
            uint256 out = routerV2.getAmountsOut(half, _two(b, a))[1];
            _swapsTo(_order(c, a, amount, _two(poolBC, pairAB)), out);
        } else {
            uint256 half = routerV2.getAmountsOut(amount, _two(a, b))[1];
            (uint256 out, , , ) = quoterV3.quoteExactInput(
                abi.encodePacked(b, uint24(3_000), c),
                half
            );
            _swapsTo(_order(a, c, amount, _two(pairAB, poolBC)), out);
        }
    }

    function test_ThreeHopsMayPassTheSameTokensTwice() public {
        SwapExecutor.Swap memory order = _order(a, b, 1e18, _three(pairAB, poolAB, pairAB));
        (uint256 spent, uint256 received) = _swap(order);
        require(spent == 1e18 && received > 0.98e18, "amounts");
        _holdsNothing();
    }

    function testFuzz_TheLeastOutputIsKeptOrNothingHappens(uint256 seed, uint256 share) public {
        uint256 amount = _amount(seed);
        SwapExecutor.Swap memory order = _order(a, c, amount, _two(poolAB, pairBC));
        uint256 state = vm.snapshotState();
        (, uint256 possible) = _swap(order);
        vm.revertToState(state);
        // Around the possible output: below, exactly, and above.
        order.minOut = (possible * (9_990 + (share % 21))) / 10_000;
        if (order.minOut == 0) order.minOut = 1;
        IERC20(a).approve(address(executor), amount);
        uint256[3] memory before = _holdings();
        try executor.swap(order) returns (uint256 spent, uint256 received) {
            require(received >= order.minOut && spent == amount, "the bound was not kept");
            require(order.minOut <= possible, "more than possible");
        } catch (bytes memory reason) {
            require(bytes4(reason) == SwapExecutor.OutputTooLow.selector, "reason");
            require(order.minOut > possible, "refused without need");
            require(keccak256(abi.encode(before)) == keccak256(abi.encode(_holdings())), "moved");
        }
    }

    function test_TheBoundIsExact() public {
        SwapExecutor.Swap memory order = _order(a, b, 5e18, _one(pairAB));
        order.minOut = routerV2.getAmountsOut(5e18, _two(a, b))[1] + 1;
        IERC20(a).approve(address(executor), 5e18);
        bytes4 tooLow = SwapExecutor.OutputTooLow.selector;
        vm.expectRevert(abi.encodeWithSelector(tooLow, order.minOut - 1, order.minOut));
        executor.swap(order);
        order.minOut -= 1;
        executor.swap(order);
    }

    function test_ALeastOutputOfZeroIsRefused() public {
        SwapExecutor.Swap memory order = _order(a, b, 1e18, _one(pairAB));
        order.minOut = 0;
        _refuses(order, SwapExecutor.NoMinimum.selector);
        SwapExecutor.Arbitrage memory round = _round(a, 1e18, 0, _two(pairAB, poolAB));
        vm.expectRevert(SwapExecutor.NoMinimum.selector);
        executor.arbitrage(round);
    }

    function test_AnInputOfZeroIsRefused() public {
        _refuses(_order(a, b, 0, _one(pairAB)), SwapExecutor.ZeroAmount.selector);
    }

    function test_TheDeadlineCountsToItsLastSecond() public {
        SwapExecutor.Swap memory order = _order(a, b, 1e18, _one(pairAB));
        vm.warp(order.deadline);
        _swap(order);
        vm.warp(order.deadline + 1);
        _refuses(order, SwapExecutor.Expired.selector);
    }

    function test_ADeadlineIsAtMostFiveMinutesAhead() public {
        SwapExecutor.Swap memory order = _order(a, b, 1e18, _one(pairAB));
        uint256 most = executor.DEADLINE_MAX_SECONDS();
        order.deadline = block.timestamp + most + 1;
        _refuses(order, SwapExecutor.DeadlineTooFar.selector);
        order.deadline = block.timestamp + most;
        _swap(order);
        order.deadline = block.timestamp + most - 1;
        _swap(order);
    }

    function test_OnlyOperatorsGiveOrders() public {
        SwapExecutor.Swap memory order = _order(a, b, 1e18, _one(pairAB));
        executor.setOperator(address(this), false);
        _refuses(order, SwapExecutor.NotAnOperator.selector);
        vm.expectPartialRevert(SwapExecutor.NotAnOperator.selector);
        executor.arbitrage(_round(a, 1e18, 1, _two(pairAB, poolAB)));
    }

    function test_ARouteHasOneToThreePoolsAndACircleAtLeastTwo() public {
        bytes4 length = SwapExecutor.RouteLength.selector;
        _refuses(_order(a, b, 1e18, new address[](0)), length);
        _refuses(_order(a, b, 1e18, new address[](4)), length);
        SwapExecutor.Arbitrage memory round = _round(a, 1e18, 1, _one(pairAB));
        vm.expectPartialRevert(length);
        executor.arbitrage(round);
        require(executor.HOPS_MAX() == 3, "three");
    }

    function test_WhatIsNotListedIsNotTradedWith() public {
        bytes4 unlisted = SwapExecutor.PoolNotListed.selector;
        executor.delistPool(pairAB);
        _refuses(_order(a, b, 1e18, _one(pairAB)), unlisted);
        executor.setToken(b, false);
        bytes4 token = SwapListings.TokenNotListed.selector;
        _refuses(_order(a, b, 1e18, _one(poolAB)), token);
        _refuses(_order(b, a, 1e18, _one(poolAB)), token);
        _refuses(_order(a, c, 1e18, _two(poolAB, poolBC)), token);
    }

    function test_ARouteLeadsFromItsInputToItsOutput() public {
        _refuses(_order(c, a, 1e18, _one(pairAB)), SwapExecutor.TokenNotInPool.selector);
        _refuses(_order(a, c, 1e18, _one(pairAB)), SwapExecutor.WrongEnd.selector);
        _refuses(_order(a, a, 1e18, _two(pairAB, poolAB)), SwapExecutor.WrongEnd.selector);
        SwapExecutor.Arbitrage memory round = _round(a, 1e18, 1, _two(pairAB, pairBC));
        vm.expectPartialRevert(SwapExecutor.WrongEnd.selector);
        executor.arbitrage(round);
    }

    function testFuzz_AtAPriceLimitTheRestStaysWithTheCaller(uint256 seed, bool back) public {
        (address tokenIn, address tokenOut) = back ? (b, a) : (a, b);
        bool falls = tokenIn < tokenOut;
        SwapExecutor.Swap memory order = _order(tokenIn, tokenOut, DEPTH, _one(poolAB));
        uint160 step = uint160(EVEN / (100 + (seed % 100_000)));
        order.priceLimit = falls ? EVEN - step : EVEN + step;
        uint256 before = _balance(tokenIn, address(this));
        (uint256 spent, uint256 received) = _swap(order);
        (uint160 price, , , , , , ) = IUniswapV3Pool(poolAB).slot0();
        require(price == order.priceLimit, "the pool stopped elsewhere");
        require(before - _balance(tokenIn, address(this)) == spent && spent < DEPTH, "spent");
        require(IERC20(tokenIn).allowance(address(this), address(executor)) == DEPTH - spent, "");
        require(received > 0, "received");
    }

    function test_APriceLimitIsForPoolsOfV3() public {
        SwapExecutor.Swap memory order = _order(a, b, 1e18, _one(pairAB));
        order.priceLimit = EVEN;
        _refuses(order, SwapExecutor.LimitNeedsV3.selector);
    }

    function test_ALaterPoolThatCannotTakeItAllLeavesNothingBehind() public {
        address d = address(_token("D"));
        address shallow = _openPool(c, d, 500, EVEN, 40);
        executor.listPool(pools, c, d, 500);
        SwapExecutor.Swap memory order = _order(b, d, 1_000e18, _two(poolBC, shallow));
        _refuses(order, SwapExecutor.LeftBehind.selector);
    }

    function test_APairPaidByItselfHasGotNothing() public {
        SwapExecutor.Arbitrage memory round = _round(a, 1e18, 1, _two(pairAB, pairAB));
        IERC20(a).approve(address(executor), 1e18);
        vm.expectPartialRevert(SwapExecutor.NothingArrived.selector);
        executor.arbitrage(round);
    }

    function test_ACallerWithoutFundsOrApprovalIsRefused() public {
        SwapExecutor.Swap memory order = _order(a, b, 1e18, _one(pairAB));
        IERC20(a).approve(address(executor), 1e18 - 1);
        _fails(order);
        order.pools = _one(poolAB);
        _fails(order);
    }

    function testFuzz_ACircleEndsAboveItsFloorOrNotAtAll(uint256 push, uint256 seed) public {
        push = 1e18 + (push % (DEPTH / 10));
        _swap(_order(b, a, push, _one(pairAB))); // A is dear in the pair now.
        uint256 amount = 1e12 + (seed % (DEPTH / 20));
        uint256 floor = 1 + (seed % 1e18);
        SwapExecutor.Arbitrage memory round = _round(b, amount, floor, _two(poolAB, pairAB));
        uint256[3] memory before = _holdings();
        IERC20(b).approve(address(executor), amount);
        try executor.arbitrage(round) returns (uint256 profit) {
            require(profit >= floor, "the floor was not kept");
            require(_balance(b, address(this)) == before[1] + profit, "the profit is not there");
        } catch (bytes memory reason) {
            require(bytes4(reason) == SwapExecutor.ProfitTooLow.selector, "reason");
            require(keccak256(abi.encode(before)) == keccak256(abi.encode(_holdings())), "moved");
        }
        _holdsNothing();
    }

    function test_TheFloorIsExact() public {
        _swap(_order(b, a, DEPTH / 10, _one(pairAB)));
        address[] memory route = _two(poolAB, pairAB);
        uint256 state = vm.snapshotState();
        IERC20(b).approve(address(executor), 100e18);
        uint256 profit = executor.arbitrage(_round(b, 100e18, 1, route));
        vm.revertToState(state);
        IERC20(b).approve(address(executor), 100e18);
        bytes4 tooLow = SwapExecutor.ProfitTooLow.selector;
        vm.expectRevert(abi.encodeWithSelector(tooLow, profit, profit + 1));
        executor.arbitrage(_round(b, 100e18, profit + 1, route));
        executor.arbitrage(_round(b, 100e18, profit, route));
    }

    function test_AGiftToTheExecutorStaysWhereItIs() public {
        for (uint256 i = 0; i < 2; i++) IERC20(i == 0 ? b : c).transfer(address(executor), 7);
        _swap(_order(a, c, 1e18, _two(poolAB, poolBC)));
        require(_balance(b, address(executor)) == 7, "a gift was paid with");
        require(_balance(c, address(executor)) == 7, "a gift was paid out");
    }

    /// A million in the campaign: no call moves tokens of somebody who approved but did not call.
    function testFuzz_NoCallOfAStrangerMovesTokens(bytes4 chosen, bytes calldata data) public {
        IERC20(a).approve(address(executor), type(uint256).max);
        uint256[3] memory before = _holdings();
        bytes4[3] memory orders = [
            SwapExecutor.swap.selector,
            SwapExecutor.arbitrage.selector,
            SwapExecutor.uniswapV3SwapCallback.selector
        ];
        uint256 pick = uint32(chosen) % 4;
        bytes4 selector = pick < 3 ? orders[pick] : chosen;
        vm.prank(address(0xbad));
        (bool isDone, ) = address(executor).call(bytes.concat(selector, data));
        require(keccak256(abi.encode(before)) == keccak256(abi.encode(_holdings())), "moved");
        require(!isDone || pick == 3, "an order of a stranger was taken");
        _holdsNothing();
    }

    function testFuzz_OnlyThePoolInExecutionMayAskForPayment(address caller, int128 owed) public {
        vm.assume(caller != address(0)); // Nobody can call as nobody.
        IERC20(a).approve(address(executor), type(uint256).max);
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(SwapExecutor.NotThePool.selector, caller));
        executor.uniswapV3SwapCallback(owed, -int256(owed), abi.encode(a, address(this)));
    }

    function test_AListedPoolMayNotAskOutsideOfItsHop() public {
        _swap(_order(a, b, 1e18, _one(poolAB)));
        vm.prank(poolAB);
        vm.expectRevert(abi.encodeWithSelector(SwapExecutor.NotThePool.selector, poolAB));
        executor.uniswapV3SwapCallback(1, -1, "");
    }

    function _amount(uint256 seed) private pure returns (uint256) {
        return 1e6 + (seed % (DEPTH / 4));
    }

    function _swapsTo(SwapExecutor.Swap memory order, uint256 expected) private {
        uint256 paid = _balance(order.tokenIn, address(this));
        uint256 got = _balance(order.tokenOut, address(this));
        (uint256 spent, uint256 received) = _swap(order);
        require(received == expected, "not what was quoted");
        require(paid - _balance(order.tokenIn, address(this)) == spent, "spent");
        require(_balance(order.tokenOut, address(this)) - got == received, "received");
        require(spent == order.amountIn, "not all was spent");
        require(IERC20(order.tokenIn).allowance(address(this), address(executor)) == 0, "left");
        _holdsNothing();
    }

    function _refuses(SwapExecutor.Swap memory order, bytes4 selector) private {
        IERC20(order.tokenIn).approve(address(executor), order.amountIn);
        vm.expectPartialRevert(selector);
        executor.swap(order);
    }

    function _fails(SwapExecutor.Swap memory order) private {
        try executor.swap(order) {
            revert("a swap without cover was made");
        } catch {}
    }

    function _holdings() private view returns (uint256[3] memory) {
        return [_balance(a, address(this)), _balance(b, address(this)), _balance(c, address(this))];
    }

    function _holdsNothing() private view {
        address at = address(executor);
        require(_balance(a, at) + _balance(b, at) + _balance(c, at) == 0, "the executor holds");
    }
}
