// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {IUniswapV3Factory} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Factory.sol";
import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IPairFactory} from "../interfaces/IPairFactory.sol";

/// @title Whom and what the executor works with: operators, tokens and pools.
/// @notice Nothing is listed at first, and only the owner lists. A pool is listed as its factory
/// names it, never by an address that somebody wrote down. The owner can stop the executor by
/// taking things off the lists, and can do no more: a swap's least output is checked on the
/// balance of its caller, whatever was listed.
abstract contract SwapListings is Ownable2Step {
    /// @notice How a pool is traded with; `None` means that it is not listed.
    enum Kind {
        None,
        V2,
        V3
    }

    /// @notice A listed pool. `feePips` is what a swap pays, in hundredths of a basis point.
    struct Listing {
        address token0;
        Kind kind;
        uint24 feePips;
        address token1;
    }

    uint24 internal constant PIPS = 1_000_000;

    /// @notice Accounts that may call for swaps, each with its own money alone.
    mapping(address account => bool listed) public isOperator;

    /// @notice Tokens that a route may begin, pass and end with.
    mapping(address token => bool listed) public isToken;

    mapping(address pool => Listing listing) internal _listings;

    /// @notice An account may give orders from now on, or no longer.
    event OperatorSet(address indexed operator, bool listed);
    /// @notice A token may be traded from now on, or no longer.
    event TokenSet(address indexed token, bool listed);
    /// @notice A pool may be traded with from now on, as its factory names it.
    event PoolListed(
        address indexed pool,
        Kind kind,
        address indexed token0,
        address indexed token1,
        uint24 feePips
    );
    /// @notice A pool may no longer be traded with.
    event PoolDelisted(address indexed pool);

    /// @notice Nobody is no operator and no token.
    error ZeroAddress();
    /// @notice The factory knows no such pool.
    error NoSuchPool(address factory, address tokenA, address tokenB, uint24 feePips);
    /// @notice A fee is less than the whole input.
    error FeeOutOfRange(uint24 feePips);
    /// @notice A token of the route or of the pool is not listed.
    error TokenNotListed(address token);

    constructor(address owner, address[] memory operators, address[] memory tokens) Ownable(owner) {
        for (uint256 i = 0; i < operators.length; i++) _setOperator(operators[i], true);
        for (uint256 i = 0; i < tokens.length; i++) _setToken(tokens[i], true);
    }

    /// @notice Lets an account call for swaps, or no longer.
    function setOperator(address operator, bool listed) external onlyOwner {
        _setOperator(operator, listed);
    }

    /// @notice Lists a token or takes it off; every route through it ends at once.
    function setToken(address token, bool listed) external onlyOwner {
        _setToken(token, listed);
    }

    /// @notice Lists a pair of Uniswap V2 or of a fork, as its factory names it.
    /// @param feePips What the fork's pairs keep of an input: 3000 for Uniswap's 997 of 1000.
    function listPair(
        IPairFactory factory,
        address tokenA,
        address tokenB,
        uint24 feePips
    ) external onlyOwner returns (address pool) {
        if (feePips >= PIPS) revert FeeOutOfRange(feePips);
        pool = factory.getPair(tokenA, tokenB);
        if (pool == address(0)) {
            revert NoSuchPool(address(factory), tokenA, tokenB, feePips);
        }
        _list(pool, Kind.V2, tokenA, tokenB, feePips);
    }

    /// @notice Lists a pool of Uniswap V3, as its factory names it.
    /// @param feePips The fee that tells the pool from the other pools of its tokens.
    function listPool(
        IUniswapV3Factory factory,
        address tokenA,
        address tokenB,
        uint24 feePips
    ) external onlyOwner returns (address pool) {
        pool = factory.getPool(tokenA, tokenB, feePips);
        if (pool == address(0)) {
            revert NoSuchPool(address(factory), tokenA, tokenB, feePips);
        }
        _list(pool, Kind.V3, tokenA, tokenB, feePips);
    }

    /// @notice Takes a pool off the list.
    function delistPool(address pool) external onlyOwner {
        delete _listings[pool];
        emit PoolDelisted(pool);
    }

    /// @notice What is known of a pool; `kind` is 0 when it is not listed.
    function listingOf(address pool) external view returns (Listing memory) {
        return _listings[pool];
    }

    function _requireToken(address token) internal view {
        if (!isToken[token]) revert TokenNotListed(token);
    }

    function _setOperator(address operator, bool listed) private {
        if (operator == address(0)) revert ZeroAddress();
        isOperator[operator] = listed;
        emit OperatorSet(operator, listed);
    }

    function _setToken(address token, bool listed) private {
        if (token == address(0)) revert ZeroAddress();
        isToken[token] = listed;
        emit TokenSet(token, listed);
    }

    function _list(
        address pool,
        Kind kind,
        address tokenA,
        address tokenB,
        uint24 feePips
    ) private {
        _requireToken(tokenA);
        _requireToken(tokenB);
        // Factories of both versions give the lower address to token0.
        (address token0, address token1) = tokenA < tokenB ? (tokenA, tokenB) : (tokenB, tokenA);
        _listings[pool] = Listing(token0, kind, feePips, token1);
        emit PoolListed(pool, kind, token0, token1, feePips);
    }
}
