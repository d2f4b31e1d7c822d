// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";
import {IPair} from "../interfaces/IPair.sol";
import {SwapListings} from "./SwapListings.sol";

/// @title The one contract through which bots swap.
/// @notice A caller names its input, its route over listed pools, the least it takes and a
/// deadline; it gets at least that much or nothing happens. The caller's tokens go from the
/// caller to the first pool and from the last pool to the caller: the executor holds tokens only
/// between two pools of one transaction, has none of its own, and approves nobody.
/// @dev What a caller can lose is bounded by balances read before and after, not by trust in pools,
/// tokens or the owner. Every external call goes to a listed pool or token with arguments made
/// here; there is no way to have this contract call anything else. Fee-on-transfer tokens pass
/// pairs of V2, where what arrived is measured, and are refused on the way into pools of V3.
contract SwapExecutor is SwapListings {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;
    using SafeCast for int256;

    /// @notice A swap of an exact input.
    /// @param minOut The least that must reach the caller; never 0.
    /// @param priceLimit Where the first pool must stop, as a square root with 96 binary places; 0
    /// for none. A swap that stops there takes less than `amountIn`. Pools of V3 only.
    /// @param deadline The last second of block time, at most `DEADLINE_MAX_SECONDS` ahead.
    /// @param pools One to three listed pools, in the order of the route.
    struct Swap {
        address tokenIn;
        address tokenOut;
        uint256 amountIn;
        uint256 minOut;
        uint160 priceLimit;
        uint256 deadline;
        address[] pools;
    }

    /// @notice A round of trades that ends with the token it began with.
    /// @param minProfit The least by which the caller's balance must grow; never 0.
    struct Arbitrage {
        address token;
        uint256 amountIn;
        uint256 minProfit;
        uint256 deadline;
        address[] pools;
    }

    struct Hop {
        address pool;
        Kind kind;
        uint24 feePips;
        bool zeroForOne;
    }

    /// A route that was checked: tokens[i] goes into hops[i], held[i] of it was here before.
    struct Route {
        Hop[] hops;
        address[] tokens;
        uint256[] held;
    }

    uint256 public constant HOPS_MAX = 3;
    uint256 public constant DEADLINE_MAX_SECONDS = 300;

    /// The open ends of V3's price range: a swap without a limit may go this far.
    uint160 private constant PRICE_MIN = 4295128740;
    uint160 private constant PRICE_MAX = 1461446703485210103287273052203988822378723970341;

    /// The pool of V3 that may ask for its payment now; nobody outside of a hop.
    address private transient _pool;
    address private transient _token;
    address private transient _payer;
    uint256 private transient _owedMax;
    uint256 private transient _paid;
    bool private transient _entered;

    /// @notice A swap was made: what the caller paid, and what reached it.
    event Swapped(
        address indexed caller,
        address indexed tokenIn,
        address indexed tokenOut,
        uint256 spent,
        uint256 received
    );
    /// @notice A circle was traded: what went in, and by how much the caller gained.
    event Arbitraged(
        address indexed caller,
        address indexed token,
        uint256 amountIn,
        uint256 profit
    );

    /// @notice An order was given within an order.
    error Reentered();
    /// @notice The caller is not listed as an operator.
    error NotAnOperator(address caller);
    /// @notice The least output or the least profit is 0.
    error NoMinimum();
    /// @notice The input is 0.
    error ZeroAmount();
    /// @notice The block is later than the deadline.
    error Expired(uint256 deadline);
    /// @notice The deadline is further ahead than DEADLINE_MAX_SECONDS.
    error DeadlineTooFar(uint256 deadline);
    /// @notice A route has one to three pools, a circle two or three.
    error RouteLength(uint256 pools);
    /// @notice A pool of the route is not listed.
    error PoolNotListed(address pool);
    /// @notice The route brings a token to a pool that does not trade it.
    error TokenNotInPool(address token, address pool);
    /// @notice The route does not lead to this token, or a swap leads back to its beginning.
    error WrongEnd(address tokenOut);
    /// @notice A price limit was given and the first pool is a pair of V2.
    error LimitNeedsV3(address pool);
    /// @notice A pair has got nothing to trade with.
    error NothingArrived(address pool);
    /// @notice Somebody else than the pool in execution asks for payment, or it asks again.
    error NotThePool(address caller);
    /// @notice A pool asks for nothing, or for more than its hop may pay.
    error WrongDemand(address pool, uint256 owed);
    /// @notice A pool of V3 got another amount than was sent: the token takes a fee.
    error TokenTookFee(address token);
    /// @notice Less arrived than the least output.
    error OutputTooLow(uint256 received, uint256 minOut);
    /// @notice The caller would have gained less than the least profit.
    error ProfitTooLow(int256 profit, uint256 minProfit);
    /// @notice The route would have left tokens here, or taken some that were here before.
    error LeftBehind(address token);

    /// One order at a time: nobody who is called on the way may give another.
    modifier alone() {
        if (_entered) revert Reentered();
        _entered = true;
        _;
        _entered = false;
    }

    /// @notice Opens with an owner and the first operators and tokens; pools are listed later.
    constructor(
        address owner,
        address[] memory operators,
        address[] memory tokens
    ) SwapListings(owner, operators, tokens) {}

    /// @notice Swaps the caller's tokens along a route; reverts unless at least `minOut` arrives.
    /// @dev The caller must have approved `amountIn`. `received` is measured on its balance.
    /// @return spent What the caller paid: `amountIn`, less where a pool stopped before.
    /// @return received What the caller got.
    function swap(Swap calldata order) external alone returns (uint256 spent, uint256 received) {
        if (order.minOut == 0) revert NoMinimum();
        if (order.tokenIn == order.tokenOut) revert WrongEnd(order.tokenOut);
        _requireTerms(order.amountIn, order.deadline);
        Route memory route = _route(order.tokenIn, order.pools, 1);
        if (route.tokens[order.pools.length] != order.tokenOut) revert WrongEnd(order.tokenOut);
        if (order.priceLimit != 0 && route.hops[0].kind != Kind.V3) {
            revert LimitNeedsV3(route.hops[0].pool);
        }
        uint256 before = IERC20(order.tokenOut).balanceOf(msg.sender);

        spent = _run(route, order.amountIn, order.priceLimit);

        uint256 afterwards = IERC20(order.tokenOut).balanceOf(msg.sender);
        received = afterwards > before ? afterwards - before : 0;
        if (received < order.minOut) revert OutputTooLow(received, order.minOut);
        _requireNothingLeft(route);
        emit Swapped(msg.sender, order.tokenIn, order.tokenOut, spent, received);
    }

    /// @notice Trades in a circle; reverts unless the caller ends with at least `minProfit` more.
    /// @dev The caller must have approved `amountIn`.
    /// @return profit What the caller has more than before.
    function arbitrage(Arbitrage calldata order) external alone returns (uint256 profit) {
        if (order.minProfit == 0) revert NoMinimum();
        _requireTerms(order.amountIn, order.deadline);
        Route memory route = _route(order.token, order.pools, 2);
        if (route.tokens[order.pools.length] != order.token) revert WrongEnd(order.token);
        uint256 before = IERC20(order.token).balanceOf(msg.sender);

        uint256 spent = _run(route, order.amountIn, 0);

        uint256 afterwards = IERC20(order.token).balanceOf(msg.sender);
        int256 change = afterwards.toInt256() - before.toInt256();
        if (change < order.minProfit.toInt256()) revert ProfitTooLow(change, order.minProfit);
        profit = uint256(change);
        _requireNothingLeft(route);
        emit Arbitraged(msg.sender, order.token, spent, profit);
    }

    /// @notice Where a pool of V3 asks for its payment; only the pool in execution may, once.
    /// @dev What it may ask was written down before it was called. Nothing of what it says is
    /// trusted, and the data it hands back is not read.
    function uniswapV3SwapCallback(
        int256 amount0Delta,
        int256 amount1Delta,
        bytes calldata
    ) external {
        if (msg.sender != _pool) revert NotThePool(msg.sender);
        _pool = address(0);
        int256 asked = amount0Delta > 0 ? amount0Delta : amount1Delta;
        uint256 owed = asked > 0 ? uint256(asked) : 0;
        if (owed == 0 || owed > _owedMax) revert WrongDemand(msg.sender, owed);
        _paid = owed;
        IERC20 token = IERC20(_token);
        uint256 before = token.balanceOf(msg.sender);
        if (_payer == address(this)) token.safeTransfer(msg.sender, owed);
        else token.safeTransferFrom(_payer, msg.sender, owed);
        if (token.balanceOf(msg.sender) - before != owed) revert TokenTookFee(address(token));
    }

    /// The terms that every order has, and who may give one.
    function _requireTerms(uint256 amountIn, uint256 deadline) private view {
        if (amountIn == 0) revert ZeroAmount();
        if (block.timestamp > deadline) revert Expired(deadline);
        if (deadline - block.timestamp > DEADLINE_MAX_SECONDS) revert DeadlineTooFar(deadline);
        if (!isOperator[msg.sender]) revert NotAnOperator(msg.sender);
    }

    /// Looks every pool and token of a route up, and what this contract holds of each token.
    function _route(
        address tokenIn,
        address[] calldata pools,
        uint256 hopsMin
    ) private view returns (Route memory route) {
        uint256 length = pools.length;
        if (length < hopsMin || length > HOPS_MAX) revert RouteLength(length);
        route.hops = new Hop[](length);
        route.tokens = new address[](length + 1);
        route.held = new uint256[](length + 1);
        for (uint256 i = 0; i <= length; i++) {
            _requireToken(tokenIn);
            route.tokens[i] = tokenIn;
            route.held[i] = IERC20(tokenIn).balanceOf(address(this));
            if (i < length) (route.hops[i], tokenIn) = _hop(pools[i], tokenIn);
        }
    }

    /// One step of a route and the token it leads to.
    function _hop(
        address pool,
        address tokenIn
    ) private view returns (Hop memory hop, address tokenOut) {
        Listing memory listing = _listings[pool];
        if (listing.kind == Kind.None) revert PoolNotListed(pool);
        hop = Hop(pool, listing.kind, listing.feePips, tokenIn == listing.token0);
        if (hop.zeroForOne) return (hop, listing.token1);
        if (tokenIn != listing.token1) revert TokenNotInPool(tokenIn, pool);
        return (hop, listing.token0);
    }

    /// Trades along the route. A pair of V2 is paid before it trades, a pool of V3 while it does.
    function _run(
        Route memory route,
        uint256 amountIn,
        uint160 priceLimit
    ) private returns (uint256 spent) {
        uint256 amount = amountIn;
        for (uint256 i = 0; i < route.hops.length; i++) {
            address payer = i == 0 ? msg.sender : address(this);
            address recipient = _recipient(route, i);
            if (route.hops[i].kind == Kind.V3) {
                uint160 limit = i == 0 ? priceLimit : 0;
                (_token, _payer, _owedMax) = (route.tokens[i], payer, amount);
                amount = _swapV3(route.hops[i], amount, recipient, limit);
                if (i == 0) spent = _paid;
            } else {
                if (i == 0) {
                    spent = amount;
                    IERC20(route.tokens[0]).safeTransferFrom(payer, route.hops[0].pool, amount);
                }
                amount = _swapV2(route.hops[i], route.tokens[i], recipient);
            }
        }
    }

    /// Whom a hop pays out to: the caller, a pair that trades next, or this contract.
    function _recipient(Route memory route, uint256 i) private view returns (address) {
        if (i + 1 == route.hops.length) return msg.sender;
        Hop memory next = route.hops[i + 1];
        return next.kind == Kind.V2 ? next.pool : address(this);
    }

    /// Trades what has arrived at a pair, however much that is.
    function _swapV2(
        Hop memory hop,
        address tokenIn,
        address recipient
    ) private returns (uint256 amountOut) {
        IPair pair = IPair(hop.pool);
        (uint256 reserveIn, uint256 reserveOut, ) = pair.getReserves();
        if (!hop.zeroForOne) (reserveIn, reserveOut) = (reserveOut, reserveIn);
        uint256 balance = IERC20(tokenIn).balanceOf(hop.pool);
        if (balance <= reserveIn) revert NothingArrived(hop.pool);
        uint256 afterFee = (balance - reserveIn) * (PIPS - hop.feePips);
        amountOut = (afterFee * reserveOut) / (reserveIn * PIPS + afterFee);
        (uint256 out0, uint256 out1) = hop.zeroForOne
            ? (uint256(0), amountOut)
            : (amountOut, uint256(0));
        pair.swap(out0, out1, recipient, "");
    }

    /// Trades with a pool that asks for its payment in the callback.
    function _swapV3(
        Hop memory hop,
        uint256 amountIn,
        address recipient,
        uint160 limit
    ) private returns (uint256 amountOut) {
        if (limit == 0) limit = hop.zeroForOne ? PRICE_MIN : PRICE_MAX;
        (_pool, _paid) = (hop.pool, 0);
        (int256 delta0, int256 delta1) = IUniswapV3Pool(hop.pool).swap(
            recipient,
            hop.zeroForOne,
            amountIn.toInt256(),
            limit,
            ""
        );
        // A pool that did not ask must not ask later.
        _pool = address(0);
        amountOut = (-(hop.zeroForOne ? delta1 : delta0)).toUint256();
    }

    /// What was here before the transaction may have been a gift; none of it may move either.
    function _requireNothingLeft(Route memory route) private view {
        for (uint256 i = 0; i < route.tokens.length; i++) {
            address token = route.tokens[i];
            if (IERC20(token).balanceOf(address(this)) != route.held[i]) revert LeftBehind(token);
        }
    }
}
